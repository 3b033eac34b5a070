import { rampAllowance } from '@wsad/domain';
import { eventually } from '@wsad/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectRegisteredOnce } from './support/registered.ts';
import { invoicesOf, newSeller } from './support/sellers.ts';
import { describeOn } from './support/suites.ts';
import { type Seen, type System, startSystem } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();
const SELLERS = 12;
const RAMP_MS_MAX = 60_000;
const EVERYTHING = [
  'GET /security/public-key-certificates',
  'POST /auth/challenge',
  'POST /auth/ksef-token',
  'GET /auth/{referenceNumber}',
  'POST /auth/token/redeem',
  'GET /rate-limits',
  'POST /sessions/batch',
  'POST /sessions/online',
];

describeOn('postgres', 'while KSeF answers nobody', (queue) => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ queue, workers: 2, pollers: 2, wire });
  });
  afterAll(() => system.close());

  it('everything stays in line, one call at a time tries, and then work comes back by and by', async () => {
    const { api, emulator, events, exchanges } = system;
    const told = (type: string) =>
      events.filter((event) => event.type === type && 'nip' in event && event.nip === null);
    for (const operation of EVERYTHING)
      emulator.control.addFault({ operation, status: 503, body: '<html>away</html>', times: 100_000 });
    const sellers = Array.from({ length: SELLERS }, () => newSeller());
    const sent = await Promise.all(
      sellers.map(async (nip) => {
        const entries = invoicesOf(nip, 6, 'FV');
        await api.putToken(nip);
        return { nip, entries, ...(await api.submit(nip, entries)) };
      }),
    );

    await eventually(() => told('ksef.down').length === 1);
    // Those that had begun come to their end; from then on nobody calls but to probe.
    const waiting = async () => {
      const states = await Promise.all(sent.map(({ submissionId }) => api.submission(submissionId)));
      return states.every(({ byState }) => byState.accepted === 6);
    };
    await eventually(waiting);
    const shutAt = exchanges.length;
    await eventually(() => exchanges.length >= shutAt + 2, { timeoutMs: 30_000 });
    const probes = exchanges.slice(shutAt);
    expect(Math.max(...gaps(probes))).toBeGreaterThan(1_500);
    expect(await waiting()).toBe(true);

    emulator.control.clearFaults();
    const before = exchanges.length;
    await Promise.all(sent.map(({ submissionId }) => api.atRest(submissionId, RAMP_MS_MAX)));
    for (const { nip, entries, submissionId } of sent) {
      expect((await api.submission(submissionId)).byState).toEqual({ cleared: 6 });
      await expectRegisteredOnce(system, nip, entries);
    }
    expect(told('ksef.up')).toHaveLength(1);
    expectRamp(exchanges.slice(before).filter(({ path }) => !path.startsWith('/storage')));
    expect(emulator.control.stats().rateLimited).toBe(0);
  }, 120_000);
});

function gaps(seen: readonly Seen[]): number[] {
  return seen.slice(1).map(({ atMs }, index) => atMs - (seen[index]?.atMs ?? 0));
}

/** After the probe that was answered, never more calls than the ramp allows. */
function expectRamp(seen: readonly Seen[]): void {
  const [probe, ...calls] = seen.filter(({ status }) => status < 500);
  const backMs = probe?.atMs ?? 0;
  for (const [index, { atMs }] of calls.entries())
    expect(index + 1).toBeLessThanOrEqual(rampAllowance(atMs - backMs));
}

describeWire(wire);
