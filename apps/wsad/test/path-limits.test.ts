import { type RateLimits, rateLimits270, rateLimits280 } from '@wsad/emulator';
import { eventually } from '@wsad/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Entry } from './support/api-client.ts';
import { expectRegisteredOnce } from './support/registered.ts';
import { invoicesOf, newSeller } from './support/sellers.ts';
import { describeOnBoth } from './support/suites.ts';
import { type QueueKind, type Seen, type System, startSystem } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();
const SECOND_MS = 1_000;
const wide = { perMinute: 1_000, perHour: 1_000 };

const isOpening = ({ method, path }: Seen): boolean => method === 'POST' && path === '/sessions/batch';
const isClosing = ({ path }: Seen): boolean => /^\/sessions\/batch\/.*\/close$/.test(path);

/** The most that fell into any one second. */
function mostInASecond(exchanges: readonly Seen[]): number {
  const times = exchanges.map(({ atMs }) => atMs);
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + SECOND_MS).length));
}

function withThreeWorkers(queue: QueueKind, limits: RateLimits): () => System {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ queue, workers: 3, wire, emulator: { limits } });
  });
  afterAll(() => system.close());
  return () => system;
}

/** Five calls of a new seller, each a session of its own because what came before is claimed already. */
async function sendFiveSessions(system: System): Promise<Seen[]> {
  const { api, emulator, events, exchanges } = system;
  const nip = newSeller();
  const calls = [1, 2, 3, 4, 5].map((call) => invoicesOf(nip, 6, `S${call}`));
  const claims = () => events.filter((event) => event.type === 'session.claimed' && event.nip === nip);
  const before = exchanges.length;
  const submissions: string[] = [];
  await api.putToken(nip);
  for (const entries of calls) {
    submissions.push((await api.submit(nip, entries)).submissionId);
    await eventually(() => claims().length === submissions.length);
  }
  await Promise.all(submissions.map((id) => api.atRest(id)));
  await expectRegisteredOnce(system, nip, calls.flat());
  expect(emulator.control.stats().rateLimited).toBe(0);
  return exchanges.slice(before);
}

describeOnBoth('two openings a second', (queue) => {
  const system = withThreeWorkers(queue, { ...rateLimits280, batchSession: { perSecond: 2, ...wide } });

  it('are not exceeded by three workers', async () => {
    const opened = (await sendFiveSessions(system())).filter(isOpening);
    expect(opened).toHaveLength(5);
    expect(mostInASecond(opened)).toBeLessThanOrEqual(2);
  });

  it('are kept to from the first call on, however long the limits take to be read', async () => {
    system().emulator.control.addFault({ operation: 'GET /rate-limits', delayMs: 1_500 });
    const opened = (await sendFiveSessions(system())).filter(isOpening);
    expect(mostInASecond(opened)).toBeLessThanOrEqual(2);
  });

  it('are no reason for a 429, which is obeyed and counted all the same', async () => {
    const { api, emulator, events, exchanges } = system();
    const nip = newSeller();
    const entries = invoicesOf(nip, 6, 'FV');
    const body = { status: { code: 429, description: 'Too Many Requests', details: ['Za dużo.'] } };
    const headers = { 'Retry-After': '1' };
    emulator.control.addFault({ operation: 'POST /sessions/batch', status: 429, headers, body });
    const before = exchanges.length;
    await api.putToken(nip);
    await api.atRest((await api.submit(nip, entries)).submissionId);
    await expectRegisteredOnce(system(), nip, entries);
    const [refused, opened, ...more] = exchanges.slice(before).filter(isOpening);
    expect([refused?.status, opened?.status, more]).toEqual([429, 201, []]);
    expect((opened?.atMs ?? 0) - (refused?.atMs ?? 0)).toBeGreaterThanOrEqual(SECOND_MS);
    expect(events.filter(({ type }) => type === 'ksef.rateLimited')).toMatchObject([
      { operation: 'openBatch', nip, retryAfterMs: 1_000 },
    ]);
    expect(await api.metrics()).toContain('wsad_invoices{outcome="rateLimited"} 1');
  });
});

describeOnBoth('four openings and closings a second', (queue) => {
  const system = withThreeWorkers(queue, { ...rateLimits270, batchSession: { perSecond: 4, ...wide } });

  it('are counted together where KSeF names no group for closings', async () => {
    const calls = (await sendFiveSessions(system())).filter((seen) => isOpening(seen) || isClosing(seen));
    expect(calls).toHaveLength(10);
    expect(mostInASecond(calls)).toBeLessThanOrEqual(4);
  });
});

describeOnBoth('limits that KSeF halves in the middle of the work', (queue) => {
  const system = withThreeWorkers(queue, { ...rateLimits280, batchSession: { perSecond: 4, ...wide } });

  it('are read anew after the first refusal, and kept to from then on', async () => {
    const { api, emulator, exchanges } = system();
    const nip = newSeller();
    const sent: Entry[] = [];
    const send = async (call: number): Promise<void> => {
      const submitted = [];
      for (const part of [1, 2, 3]) {
        const entries = invoicesOf(nip, 6, `${call}-${part}`);
        sent.push(...entries);
        submitted.push((await api.submit(nip, entries)).submissionId);
      }
      await Promise.all(submitted.map((id) => api.atRest(id)));
    };
    await api.putToken(nip);
    await send(1);
    const before = exchanges.length;
    emulator.control.addFault({
      operation: 'POST /sessions/batch',
      status: 429,
      headers: { 'Retry-After': '1' },
    });
    await emulator.control.faults.enable('limits-halved');
    await send(2);
    const refused = emulator.control.stats().rateLimited;
    for (const call of [3, 4, 5]) await send(call);
    expect(emulator.control.stats().rateLimited).toBe(refused);
    const later = exchanges.slice(before);
    expect(later.filter(({ path }) => path === '/rate-limits').length).toBeGreaterThan(0);
    expect(mostInASecond(later.filter(isOpening).slice(-9))).toBeLessThanOrEqual(2);
    await expectRegisteredOnce(system(), nip, sent);
  });
});

describeWire(wire);
