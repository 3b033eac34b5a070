import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  gathered,
  lastsAt,
  NO_SPACING,
  type Slot,
  spacingOf,
  URGENT_SHARE,
  unreservedAt,
} from '../src/index.ts';

const HOUR_MS = 3_600_000;
const beginning = Date.parse('2026-12-01T08:00:00Z');
const at = (ms: number) => new Date(beginning + ms);
const hourOf = (calls: number) => [{ lengthMs: HOUR_MS, calls }];
const madeAt = (...moments: number[]): Slot[] => moments.map((ms) => ({ answeredAt: at(ms) }));

describe('spacingOf', () => {
  it('keeps nobody waiting while the hour is hardly touched', () => {
    expect(spacingOf(at(0), [], hourOf(60))).toEqual({ ...NO_SPACING, unreserved: 57 });
    const few = spacingOf(at(10_000), madeAt(...Array(12).keys()), hourOf(60));
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

  it('keeps apart from when a call began that nobody answers, not anew at each look', () => {
    const died = { answeredAt: null, begunAt: at(0) };
    const spacing = (ms: number) => spacingOf(at(ms), [...madeAt(-60_000), died], hourOf(60));
    expect(spacing(10).nextAt > at(10)).toBe(true);
    expect(spacing(1_000).nextAt <= at(1_000)).toBe(true);
  });

  it('does not wait for a clock that ran ahead when a call began or was answered', () => {
    for (const ahead of [{ answeredAt: null, begunAt: at(HOUR_MS / 2) }, { answeredAt: at(HOUR_MS / 2) }]) {
      const { nextAt, paceMs } = spacingOf(at(0), [...madeAt(-60_000), ahead], hourOf(60));
      expect(nextAt.getTime() - beginning).toBeLessThanOrEqual(Math.ceil(paceMs));
    }
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

describe('unreservedAt', () => {
  it('is when so many calls leave the reserve alone, and not before', () => {
    const ago = fc.array(fc.integer({ min: -HOUR_MS + 1, max: 0 }), { maxLength: 60 });
    fc.assert(
      fc.property(ago, fc.integer({ min: 1, max: 5 }), (moments, count) => {
        const goesMs = unreservedAt(at(0), madeAt(...moments), hourOf(60), count).getTime() - beginning;
        const spent = (nowMs: number) => moments.filter((ms) => ms > nowMs - HOUR_MS).length;
        expect(spent(goesMs) + count).toBeLessThanOrEqual(57);
        if (goesMs > 0) expect(spent(goesMs - 1) + count).toBeGreaterThan(57);
      }),
    );
  });
});

describe('gathered', () => {
  const minute = { ...NO_SPACING, evenMs: 60_000 };
  const anHour = (invoices: number) => invoices / HOUR_MS;

  it('is as many as come for each session that is left, more the more is spent, and six instead of four or five', () => {
    const together = (usedShare: number, invoices: number) =>
      gathered({ ...minute, usedShare }, anHour(invoices), NO_SPACING);
    expect(together(0.1, 60)).toBeLessThanOrEqual(1);
    expect([0.7, 0.9, 1.1].map((share) => together(share, 120))).toEqual([1, 2, 3]);
    expect([60, 120, 180, 240, 300].map((invoices) => together(0.9, invoices))).toEqual([1, 2, 3, 6, 6]);
  });

  it('counts no more invoices than sends last for: the others go as batches', () => {
    const sends = { ...NO_SPACING, evenMs: 20_000 };
    expect(gathered({ ...minute, usedShare: 0.9 }, anHour(100_000), sends)).toBe(3);
  });
});

describe('lastsAt', () => {
  it('is at once while calls are spent no faster than they last, and later the more of them came in one go', () => {
    const lasts = (made: Slot[]) => lastsAt(at(0), made, hourOf(100), 1).getTime() - beginning;
    const evenly = madeAt(...Array.from({ length: 90 }, (_, index) => -index * 40_000));
    const inOneGo = (calls: number) => madeAt(...Array(calls).fill(0));
    expect(lasts([])).toBe(0);
    expect(lasts(evenly)).toBe(0);
    expect(lasts(inOneGo(20))).toBe(0);
    expect(lasts(inOneGo(40))).toBeGreaterThan(0);
    expect(lasts(inOneGo(60))).toBeGreaterThan(lasts(inOneGo(40)));
  });

  it('leaves calls that last at one and a half of their mean distance, and never keeps anybody for over an hour', () => {
    const ago = fc.array(fc.integer({ min: -HOUR_MS + 1, max: 0 }), { minLength: 1, maxLength: 95 });
    fc.assert(
      fc.property(ago, fc.integer({ min: 1, max: 5 }), (moments, count) => {
        const made = madeAt(...moments);
        const goesMs = lastsAt(at(0), made, hourOf(100), count).getTime() - beginning;
        expect(goesMs).toBeLessThanOrEqual(HOUR_MS);
        const spent = [...moments, ...Array<number>(count).fill(goesMs)];
        for (let nowMs = goesMs + 54_000; nowMs < HOUR_MS; nowMs += 60_000) {
          spent.push(nowMs);
          expect(spent.filter((ms) => ms > nowMs - HOUR_MS).length).toBeLessThanOrEqual(95);
        }
      }),
      { numRuns: 60 },
    );
  });
});
