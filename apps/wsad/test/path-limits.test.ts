import { type RateLimits, rateLimits270, rateLimits280 } from '@wsad/emulator';
import { describeWithRedis, eventually } from '@wsad/testkit';
import { describe, expect, it } from 'vitest';
import { expectRegisteredOnce } from './support/registered.ts';
import { invoicesOf, newSeller } from './support/sellers.ts';
import { type QueueKind, type Seen, type System, startSystem } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();
const SECOND_MS = 1_000;
const narrow = { perSecond: 2, perMinute: 1_000, perHour: 1_000 };

const isOpening = ({ method, path }: Seen): boolean => method === 'POST' && path === '/sessions/batch';
const isClosing = ({ path }: Seen): boolean => /^\/sessions\/batch\/.*\/close$/.test(path);

function arrivals({ exchanges }: System, which: (exchange: Seen) => boolean): number[] {
  return exchanges.filter(which).map(({ atMs }) => atMs);
}

/** The most that fell into any one second. */
function mostInASecond(atMs: readonly number[]): number {
  return Math.max(...atMs.map((from) => atMs.filter((at) => at >= from && at < from + SECOND_MS).length));
}

async function withThreeWorkers(
  queue: QueueKind,
  limits: RateLimits,
  work: (system: System) => Promise<void>,
): Promise<void> {
  const system = await startSystem({ queue, workers: 3, wire, emulator: { limits } });
  try {
    await work(system);
    expect(system.emulator.control.stats().rateLimited).toBe(0);
  } finally {
    await system.close();
  }
}

/** Five calls of one seller, each a session of its own because what came before is claimed already. */
async function sendFiveSessions(system: System): Promise<void> {
  const { api, events } = system;
  const nip = newSeller();
  const calls = [1, 2, 3, 4, 5].map((call) => invoicesOf(nip, 6, `S${call}`));
  const submissions: string[] = [];
  await api.putToken(nip);
  for (const entries of calls) {
    submissions.push((await api.submit(nip, entries)).submissionId);
    const claimed = () => events.filter(({ type }) => type === 'session.claimed').length;
    await eventually(() => claimed() === submissions.length);
  }
  await Promise.all(submissions.map((id) => api.atRest(id)));
  await expectRegisteredOnce(system, nip, calls.flat());
}

function limits(queue: QueueKind): void {
  it('keeps three workers within two openings a second', () =>
    withThreeWorkers(queue, { ...rateLimits280, batchSession: narrow }, async (system) => {
      await sendFiveSessions(system);
      const opened = arrivals(system, isOpening);
      expect(opened).toHaveLength(5);
      expect(mostInASecond(opened)).toBeLessThanOrEqual(2);
    }));

  it('waits for the limits in force where a login has only just opened', () =>
    withThreeWorkers(queue, { ...rateLimits280, batchSession: narrow }, async (system) => {
      system.emulator.control.addFault({ operation: 'GET /rate-limits', delayMs: 1_500 });
      await sendFiveSessions(system);
    }));

  it('counts closings with openings where KSeF names no group of their own', () => {
    const batchSession = { ...narrow, perSecond: 4 };
    return withThreeWorkers(queue, { ...rateLimits270, batchSession }, async (system) => {
      await sendFiveSessions(system);
      const calls = arrivals(system, (seen) => isOpening(seen) || isClosing(seen));
      expect(calls).toHaveLength(10);
      expect(mostInASecond(calls)).toBeLessThanOrEqual(4);
    });
  });

  it('obeys a 429 all the same, and counts it', () =>
    withThreeWorkers(queue, rateLimits280, async (system) => {
      const { api, emulator, events } = system;
      const nip = newSeller();
      const entries = invoicesOf(nip, 6, 'FV');
      const body = { status: { code: 429, description: 'Too Many Requests', details: ['Za dużo.'] } };
      const headers = { 'Retry-After': '1' };
      emulator.control.addFault({ operation: 'POST /sessions/batch', status: 429, headers, body });
      await api.putToken(nip);
      await api.atRest((await api.submit(nip, entries)).submissionId);
      await expectRegisteredOnce(system, nip, entries);
      const [refused = 0, opened = 0, ...more] = arrivals(system, isOpening);
      expect(opened - refused).toBeGreaterThanOrEqual(SECOND_MS);
      expect(more).toEqual([]);
      expect(events.filter(({ type }) => type === 'ksef.rateLimited')).toMatchObject([
        { operation: 'openBatch', nip, retryAfterMs: 1_000 },
      ]);
      expect(await api.metrics()).toContain('wsad_invoices{outcome="rateLimited"} 1');
    }));
}

// Each test has a system of its own and waits most of the time: they run side by side.
describe('the limits of KSeF', { concurrent: true }, () => {
  describe('with the queue on PostgreSQL', () => limits('postgres'));
  describeWithRedis('with the queue on Redis', () => limits('redis'));
});
describeWire(wire);
