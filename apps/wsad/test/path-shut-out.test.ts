import { makeInvoice } from '@wsad/samples';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NIP } from './support/path.ts';
import { startVirtualPath, type VirtualPath } from './support/virtual-path.ts';

const HOUR_MS = 3_600_000;
const LOOK = 'GET /sessions/{ref}';
const CLOSE = 'POST /sessions/batch/{ref}/close';

let path: VirtualPath;
beforeEach(async () => {
  path = await startVirtualPath();
});
afterEach(() => path.close());

const invoices = (count: number) =>
  Array.from({ length: count }, (_, seed) =>
    makeInvoice({ nip: NIP, number: `FV/${seed + 1}`, issueDate: '2026-11-16', seed }),
  );
const calls = (operation: string) =>
  path.emulator.control.calls()[operation.replace('{ref}', '{referenceNumber}')] ?? 0;
const forbid = (operation: string) =>
  path.emulator.control.addFault({
    operation,
    refusal: { kind: 'missingPermissions', anyOf: ['Introspection'] },
    times: 10_000,
  });

async function states(): Promise<string[]> {
  const { items } = await path.ledger.invoicesPage({ nip: NIP }, 'all', null, 100);
  return [...new Set(items.map(({ state }) => state))];
}

async function session() {
  const { items } = await path.ledger.sessionsPage({ nip: NIP }, 'all', null, 10);
  return await path.ledger.session(items.at(-1)?.id ?? '', 'all');
}

async function expectShutOut(): Promise<void> {
  const words = expect.stringMatching(/403.*Introspection/);
  const { id = '', events = [], ...told } = (await session()) ?? {};
  expect(told).toMatchObject({ shutOut: words });
  expect(events.filter(({ type }) => type === 'session.shutOut')).toMatchObject([{ detail: { why: words } }]);
  expect((await path.ledger.sellerStatus(NIP, path.time.now()))?.shutOut).toEqual(words);
  expect(id).not.toBe('');
}

describe('a session that KSeF lets nobody see (403)', () => {
  it.each([
    ['after closing', [LOOK]],
    ['while closing', [LOOK, CLOSE]],
  ])('%s is looked at seldom, says why, and goes on once a login may', async (_, operations) => {
    await path.putToken(NIP, 'the first');
    await path.rest(1_000);
    for (const operation of operations) forbid(operation);
    await path.submit(NIP, invoices(6));
    await path.rest(2 * HOUR_MS);
    await expectShutOut();
    const before = calls(LOOK);
    await path.rest(24 * HOUR_MS);
    expect(calls(LOOK) - before).toBeLessThanOrEqual(25);
    path.emulator.control.clearFaults();
    await path.putToken(NIP, 'the second');
    await path.world.doorbell.login(NIP);
    await path.rest(1_000);
    const { ledger, time, world } = path;
    // What is due is rung for, and a ring does not wait for the next look.
    const toFollow = await ledger.sessionsToFollow(time.now(), 10);
    const toSend = await ledger.sessionsToSend(time.now(), 10);
    for (const id of toFollow) await world.doorbell.follow(id);
    for (const id of toSend) await world.doorbell.send(id);
    await path.rest(60_000);
    expect(await states()).toEqual(['cleared']);
    expect((await session())?.shutOut).toBeNull();
    expect((await path.ledger.sellerStatus(NIP, time.now()))?.shutOut).toBeNull();
  });
});
