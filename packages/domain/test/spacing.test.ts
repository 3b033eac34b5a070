import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_SPACING, type Slot, spacingOf, URGENT_SHARE } from '../src/index.ts';

const HOUR_MS = 3_600_000;
const beginning = Date.parse('2026-12-01T08:00:00Z');
const at = (ms: number) => new Date(beginning + ms);
const hourOf = (calls: number) => [{ lengthMs: HOUR_MS, calls }];
const madeAt = (...moments: number[]): Slot[] => moments.map((ms) => ({ answeredAt: at(ms) }));

describe('spacingOf', () => {
  it('keeps nobody waiting while the hour is hardly touched', () => {
    expect(spacingOf(at(0), [], hourOf(60))).toEqual(NO_SPACING);
    const few = spacingOf(at(10_000), madeAt(...Array(14).keys()), hourOf(60));
    expect(few.nextAt <= at(10_000)).toBe(true);
    expect(few.unreservedAt <= at(10_000)).toBe(true);
  });

  it('draws apart as the hour is used up', () => {
    const apart = [20, 30, 40, 50].map(
      (calls) => spacingOf(at(60_000), madeAt(...Array(calls).keys()), hourOf(60)).apartMs,
    );
    expect([...apart].sort((left, right) => left - right)).toEqual(apart);
    expect(new Set(apart).size).toBe(apart.length);
  });

  it('has nothing to say of a group that knows no hour', () => {
    expect(spacingOf(at(0), madeAt(0, 1, 2), [{ lengthMs: 60_000, calls: 3 }])).toEqual(NO_SPACING);
  });

  it('leaves the reserve alone, whatever demand there is, and never stops for longer than an hour', () => {
    const demand = fc.array(fc.integer({ min: 0, max: 4 * HOUR_MS }), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 180 }), demand, (calls, wishes) => {
        const made: number[] = [];
        let nowMs = 0;
        for (const wish of wishes.sort((left, right) => left - right)) {
          nowMs = Math.max(nowMs, wish);
          const { nextAt, unreservedAt } = spacingOf(at(nowMs), madeAt(...made), hourOf(calls));
          const goesMs = Math.max(nowMs, nextAt.getTime() - beginning, unreservedAt.getTime() - beginning);
          expect(goesMs - nowMs).toBeLessThanOrEqual(HOUR_MS);
          nowMs = Math.ceil(goesMs);
          made.push(nowMs);
          const within = made.filter((ms) => ms > nowMs - HOUR_MS).length;
          expect(within).toBeLessThanOrEqual(calls - Math.floor(calls * URGENT_SHARE));
        }
      }),
      { numRuns: 60 },
    );
  });
});
