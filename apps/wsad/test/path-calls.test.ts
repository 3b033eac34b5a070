import { eventually } from '@wsad/testkit';
import { afterEach, expect, it } from 'vitest';
import { startPath } from './support/path.ts';

/** From the first call to a stored UPO, the login included, the looks not. */
const CALLS_MOST = 12;

let path: Awaited<ReturnType<typeof startPath>>;
afterEach(async () => await path.close());

/** How often a session is looked at while KSeF is at work goes by the time that takes, and by a schedule of its own. */
const LOOK = 'GET /sessions/{referenceNumber}';

/** Calls of every kind but looks that a batch of so many costs. */
async function callsOfBatch(count: number): Promise<Record<string, number>> {
  const { emulator, queue, world, events } = path;
  const before = emulator.control.stats();
  const closed = events.filter(({ type }) => type === 'session.closed').length;
  await path.submit(count, `B${count}-${before.registered}`);
  await queue.settleUntil(
    world,
    () => events.filter(({ type }) => type === 'session.closed').length > closed,
  );
  await eventually(() => emulator.control.stats().registered === before.registered + count);
  await queue.settle(world);
  const calls = Object.entries(emulator.control.stats().calls);
  const made = calls.map(([call, times]) => [call, times - (before.calls[call] ?? 0)] as const);
  return Object.fromEntries(made.filter(([call, times]) => times > 0 && call !== LOOK));
}

function sum(calls: Record<string, number>): number {
  return Object.values(calls).reduce((total, times) => total + times, 0);
}

it('costs as many calls for 10,000 invoices as for six', async () => {
  path = await startPath({ emulator: { xsd: false } });
  await path.putToken();
  const withLogin = await callsOfBatch(6);
  expect(sum(withLogin)).toBeLessThanOrEqual(CALLS_MOST);
  expect(path.emulator.control.stats().calls[LOOK]).toBe(1);
  const six = await callsOfBatch(6);
  expect(six['POST /sessions/batch']).toBe(1);
  expect(await callsOfBatch(100)).toEqual(six);
  expect(await callsOfBatch(1_000)).toEqual(six);
  expect(await callsOfBatch(10_000)).toEqual(six);
  expect(path.emulator.control.stats()).toMatchObject({ registered: 11_112, rateLimited: 0 });
}, 120_000);
