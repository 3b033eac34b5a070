/** What no plan can promise on bursts whose end it does not know: small games, all plans tried. */
import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unpromisedRatio } from '../src/dispatch/burst-game.ts';
import { type Bursts, burstOf, burstsUnder, knowingSeconds, yardSeconds } from '../src/dispatch/bursts.ts';
import { wsadsPlan } from '../src/dispatch/policies.ts';
import { simulate } from '../src/dispatch/simulate.ts';
import { LIMITS, meanSeconds } from '../src/dispatch/yardstick.ts';

seeded();

const small: fc.Arbitrary<Bursts> = fc
  .record({
    longest: fc.integer({ min: 1, max: 9 }),
    batches: fc.integer({ min: 1, max: 4 }),
    gapSeconds: fc.integer({ min: 1, max: 20 }),
    restSeconds: fc.nat({ max: 200 }),
    leastSeconds: fc.integer({ min: 1, max: 8 }),
    skipped: fc.subarray([1, 2, 3, 4, 5, 6, 7, 8]),
  })
  .map(({ longest, restSeconds, skipped, ...of }) => ({
    ...of,
    hourSeconds: longest * of.gapSeconds + restSeconds,
    ends: Array.from({ length: longest }, (_, index) => index + 1).filter(
      (calls) => calls === longest || !skipped.includes(calls),
    ),
  }));

/** All ways to choose after which of so many calls a batch goes, as often as there are batches. */
function choices(calls: number, batches: number): boolean[][] {
  if (calls === 0) return [[]];
  return choices(calls - 1, batches).flatMap((before) => {
    const spent = before.filter(Boolean).length;
    return spent < batches
      ? [
          [...before, true],
          [...before, false],
        ]
      : [[...before, false]];
  });
}

/** The mean of a burst that ends after so many calls, each followed to its batch. */
function meanOf(sends: readonly boolean[], calls: number, bursts: Bursts): number {
  const { gapSeconds, hourSeconds, batches } = bursts;
  const gone = sends.slice(0, calls);
  const afterwards = gone.filter(Boolean).length < batches ? calls * gapSeconds : hourSeconds;
  const waits = gone.map((_, call) => {
    const batch = gone.indexOf(true, call);
    return (batch < 0 ? afterwards : batch * gapSeconds) - call * gapSeconds;
  });
  return waits.reduce((sum, seconds) => sum + seconds, 0) / calls;
}

describe('the game of a burst', () => {
  it('has the value that is found by trying all plans against all ends', () => {
    fc.assert(
      fc.property(small, (bursts) => {
        const plans = choices(bursts.ends.at(-1) ?? 0, bursts.batches);
        const worst = plans.map((sends) =>
          Math.max(...bursts.ends.map((calls) => meanOf(sends, calls, bursts) / yardSeconds(calls, bursts))),
        );
        const best = Math.min(...worst);
        expect(unpromisedRatio(bursts)).toBeLessThanOrEqual(best + 1e-9);
        expect(unpromisedRatio(bursts)).toBeGreaterThanOrEqual(best * 0.999 - 1e-3);
      }),
      { numRuns: 200 },
    );
  });

  it('compares with the best of all ways to send so many calls, the last of them included', () => {
    fc.assert(
      fc.property(small, (bursts) => {
        const calls = bursts.ends.at(-1) ?? 1;
        const all = choices(calls, bursts.batches).filter((sends) => sends.at(-1));
        const best = Math.min(...all.map((sends) => meanOf(sends, calls, bursts)));
        expect(knowingSeconds(calls, bursts)).toBeCloseTo(best, 9);
      }),
      { numRuns: 200 },
    );
  });

  it('never asks for more than what wsad waits, who does not know the end either', () => {
    for (const limits of Object.values(LIMITS)) {
      const bursts = burstsUnder(limits, 1);
      for (const calls of [10, 58, 150, 400]) {
        const { waitsMs } = simulate(burstOf(calls), wsadsPlan, () => limits);
        expect(meanSeconds(waitsMs)).toBeGreaterThanOrEqual(knowingSeconds(calls, bursts));
      }
    }
  });
});
