/** Whatever arrives, and whatever becomes of the limits meanwhile: the plan and the pacer before KSeF's own count. */
import { DOCUMENTED_RATE_LIMITS, type RateLimits } from '@wsad/domain';
import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wsadsPlan } from '../src/dispatch/policies.ts';
import { simulate } from '../src/dispatch/simulate.ts';
import type { Trace } from '../src/dispatch/traces.ts';
import { meanSeconds } from '../src/dispatch/yardstick.ts';

seeded();
const HOUR_MS = 3_600_000;
const CLOSES_APART: RateLimits = {
  ...DOCUMENTED_RATE_LIMITS,
  batchSessionClose: { perSecond: 20, perMinute: 40, perHour: 120 },
  onlineSessionClose: { perSecond: 20, perMinute: 60, perHour: 240 },
};
const limits = fc.constantFrom(DOCUMENTED_RATE_LIMITS, CLOSES_APART);

/** Bursts, lulls and single calls over three hours. */
const trace: fc.Arbitrary<Trace> = fc
  .array(
    fc.record({
      gapMs: fc.oneof(fc.nat({ max: 3_000 }), fc.nat({ max: 60_000 }), fc.nat({ max: 600_000 })),
      invoices: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 12 })),
    }),
    { minLength: 1, maxLength: 250 },
  )
  .map((calls) => {
    let atMs = 0;
    const arrivals = calls.map(({ gapMs, invoices }) => {
      atMs += gapMs;
      return { atMs, seller: 0, invoices, urgent: false };
    });
    return { name: 'any', what: '', light: false, seeded: true, arrivals };
  });

function scaled(of: RateLimits, times: number): RateLimits {
  const groups = Object.entries(of).map(([name, { perSecond, perMinute = 60, perHour = 3_600 }]) => [
    name,
    { perSecond, perMinute: Math.ceil(perMinute * times), perHour: Math.ceil(perHour * times) },
  ]);
  return Object.fromEntries(groups);
}

/** Half a place comes back within an hour; what waits for it leaves together. */
const LONGEST_WAIT_MS = HOUR_MS + 120_000;

describe('a seller before KSeF', () => {
  it('never makes a call that exceeds a window, and nobody is left behind', () => {
    fc.assert(
      fc.property(trace, limits, (arrives, inForce) => {
        const { waitsMs, refusedCalls } = simulate(arrives, wsadsPlan, () => inForce);
        expect(refusedCalls).toBe(0);
        expect(waitsMs).toHaveLength(arrives.arrivals.reduce((sum, { invoices }) => sum + invoices, 0));
        expect(Math.max(...waitsMs)).toBeLessThan(LONGEST_WAIT_MS);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps within limits that are cut or raised in the middle of a run, and nobody is left behind', () => {
    const change = fc.record({ atMs: fc.nat({ max: 2 * HOUR_MS }), times: fc.constantFrom(0.25, 0.5, 2, 4) });
    fc.assert(
      fc.property(trace, limits, change, (arrives, before, { atMs, times }) => {
        const after = scaled(before, times);
        const { waitsMs, refusedCalls } = simulate(arrives, wsadsPlan, (nowMs) =>
          nowMs < atMs ? before : after,
        );
        expect(refusedCalls).toBe(0);
        expect(waitsMs).toHaveLength(arrives.arrivals.reduce((sum, { invoices }) => sum + invoices, 0));
        expect(Math.max(...waitsMs)).toBeLessThan(LONGEST_WAIT_MS);
      }),
      { numRuns: 25 },
    );
  });

  it('has a place for an urgent invoice whatever came before', () => {
    fc.assert(
      fc.property(trace, fc.nat({ max: 3 * HOUR_MS }), (arrives, atMs) => {
        const urgent = { atMs, seller: 0, invoices: 1, urgent: true };
        const arrivals = [...arrives.arrivals, urgent].sort((left, right) => left.atMs - right.atMs);
        const { urgentWaitsMs } = simulate({ ...arrives, arrivals }, wsadsPlan, () => CLOSES_APART);
        // A minute's window may have to pass: the reserve is one of the hour.
        expect(Math.max(...urgentWaitsMs)).toBeLessThan(61_000);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps single ones after a burst for no sixth that does not come, while there are sends for them', () => {
    const burst = fc.record({
      calls: fc.integer({ min: 10, max: 24 }),
      gapMs: fc.constantFrom(120_000, 300_000),
    });
    fc.assert(
      fc.property(burst, limits, ({ calls, gapMs }, inForce) => {
        const fives = Array.from({ length: calls }, (_, index) => index * 12_500);
        const singles = Array.from({ length: (3 * HOUR_MS) / gapMs }, (_, index) => 360_000 + index * gapMs);
        const arrivals = [
          ...fives.map((atMs) => ({ atMs, seller: 0, invoices: 5, urgent: true })),
          ...singles.map((atMs) => ({ atMs, seller: 0, invoices: 1, urgent: false })),
        ];
        const trace = { name: 'afterBurst', what: '', light: false, seeded: false, arrivals };
        const { waitsMs } = simulate(trace, wsadsPlan, () => inForce);
        expect(Math.max(...waitsMs)).toBeLessThan(150_000);
      }),
      { numRuns: 10 },
    );
  });

  it('does not spend the hour on what comes fast and goes on coming', () => {
    const lasting = fc.record({
      gapMs: fc.integer({ min: 1_000, max: 20_000 }),
      invoices: fc.integer({ min: 6, max: 12 }),
    });
    fc.assert(
      fc.property(lasting, ({ gapMs, invoices }) => {
        const arrivals = Array.from({ length: HOUR_MS / gapMs }, (_, index) => {
          return { atMs: index * gapMs, seller: 0, invoices, urgent: false };
        });
        const trace = { name: 'lasting', what: '', light: false, seeded: false, arrivals };
        const { waitsMs } = simulate(trace, wsadsPlan, () => CLOSES_APART);
        // An even pace from the beginning would be half a minute on average, one minute at most.
        expect(meanSeconds(waitsMs)).toBeLessThan(240);
        expect(Math.max(...waitsMs)).toBeLessThan(HOUR_MS / 3);
      }),
      { numRuns: 10 },
    );
  });
});
