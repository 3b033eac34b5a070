/** No schedule that keeps KSeF's windows waits less than the lower bound says: tiny instances, all schedules tried. */
import { INTERACTIVE_INVOICES_MAX, type RateLimits } from '@wsad/domain';
import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowerBoundSeconds } from '../src/dispatch/lower-bound.ts';
import { budgetOf } from '../src/dispatch/prices.ts';
import { unforeseenSeconds } from '../src/dispatch/unforeseen.ts';

seeded();
const HOUR_MS = 3_600_000;
const hourly = (perHour: number) => ({ perSecond: 100, perHour });

function limitsOf(batch: number, open: number, send: number): RateLimits {
  const ample = hourly(1_000);
  return {
    ...{ batchSession: hourly(batch), batchSessionClose: ample },
    ...{ onlineSession: hourly(open), onlineSessionClose: ample, invoiceSend: hourly(send) },
  };
}

/** The least mean wait over all ways to cut the line into sessions, each as early as the sliding windows let it. */
function tried(arrivedMs: readonly number[], limits: RateLimits): number {
  const budget = budgetOf(limits);
  const cutsFrom = (from: number, leftMs: number, made: Made): number => {
    if (from === arrivedMs.length) return 0;
    const ends = Array.from({ length: arrivedMs.length - from }, (_, index) => from + index + 1);
    return Math.min(
      ...ends.map((end) => {
        const size = end - from;
        const earliestMs = Math.max(leftMs, arrivedMs[end - 1] ?? 0);
        const { atMs, after } = leave(size, earliestMs, made, budget);
        const waited = arrivedMs.slice(from, end).reduce((sum, arrived) => sum + atMs - arrived, 0);
        return Number.isFinite(atMs) ? waited + cutsFrom(end, atMs, after) : Number.POSITIVE_INFINITY;
      }),
    );
  };
  return cutsFrom(0, 0, { batch: [], open: [], send: [] }) / arrivedMs.length / 1_000;
}

type Made = Readonly<Record<'batch' | 'open' | 'send', readonly number[]>>;

function leave(size: number, earliestMs: number, made: Made, budget: ReturnType<typeof budgetOf>) {
  const small = size <= INTERACTIVE_INVOICES_MAX;
  const calls = small ? ({ open: 1, send: size } as const) : ({ batch: 1 } as const);
  let atMs = earliestMs;
  for (const [resource, count] of Object.entries(calls) as ['batch' | 'open' | 'send', number][]) {
    if (count > budget[resource]) atMs = Number.POSITIVE_INFINITY;
    const mustHaveLeft = made[resource].at(count - budget[resource] - 1);
    const full = made[resource].length + count > budget[resource];
    if (full && mustHaveLeft !== undefined) atMs = Math.max(atMs, mustHaveLeft + HOUR_MS);
  }
  const added = (resource: 'batch' | 'open' | 'send', count = 0) => [
    ...made[resource],
    ...Array<number>(count).fill(atMs),
  ];
  const of: { batch?: number; open?: number; send?: number } = calls;
  const after = {
    batch: added('batch', of.batch),
    open: added('open', of.open),
    send: added('send', of.send),
  };
  return { atMs, after };
}

describe('the lower bound', () => {
  it('is never above the best of all schedules', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 1_500_000 }), { minLength: 2, maxLength: 9 });
    const few = (max: number) => fc.integer({ min: 1, max });
    fc.assert(
      fc.property(gaps, few(2), few(4), fc.integer({ min: 5, max: 7 }), (between, batch, open, send) => {
        let atMs = 0;
        const arrivedMs = between.map((gap) => {
          atMs += gap;
          return atMs;
        });
        const limits = limitsOf(batch, open, send);
        const arrivals = arrivedMs.map((at) => ({ atMs: at, seller: 0, invoices: 1, urgent: false }));
        expect(lowerBoundSeconds(arrivals, limits)).toBeLessThanOrEqual(tried(arrivedMs, limits) + 1e-6);
      }),
      { numRuns: 60 },
    );
  });

  it('is no trifle: where an hour lets two sessions go, the third of three waits for the others or they for it', () => {
    const arrivals = [0, 600_000, 1_200_000].map((atMs) => ({ atMs, seller: 0, invoices: 1, urgent: false }));
    expect(lowerBoundSeconds(arrivals, limitsOf(1, 2, 5)) * 3).toBeGreaterThan(500);
  });
});

describe('the bound where the future is not known', () => {
  const DISTANCE_MS = 30_000;
  const calls = { lengthMs: 2 * HOUR_MS, rateAt: () => 1 / DISTANCE_MS };
  /** What it costs to wait until so many are there, time and again by turns, and what an hour has to hold for that. */
  const byTurns = (sizes: readonly number[]) => {
    const sum = (of: readonly number[]) => of.reduce((total, size) => total + size, 0);
    const small = sizes.filter((size) => size <= INTERACTIVE_INVOICES_MAX);
    const turns = HOUR_MS / DISTANCE_MS / sum(sizes);
    return {
      budget: {
        batch: Math.max(1, (sizes.length - small.length) * turns),
        open: Math.max(1, small.length * turns),
        send: Math.max(1, sum(small) * turns),
      },
      seconds: (sum(sizes.map((size) => (size * (size - 1)) / 2)) / sum(sizes)) * (DISTANCE_MS / 1_000),
    };
  };

  it('is never above any mixture of sessions that an hour has room for', () => {
    for (const sizes of [[1, 2], [3], [4, 6], [2, 2, 9]]) {
      const { budget, seconds } = byTurns(sizes);
      expect(unforeseenSeconds(calls, budget)).toBeLessThanOrEqual(seconds);
    }
  });

  it('is close to what is the best where it is known: all in pairs, or half alone and half in pairs', () => {
    for (const sizes of [[2], [1, 1, 2]]) {
      const { budget, seconds } = byTurns(sizes);
      expect(unforeseenSeconds(calls, budget)).toBeGreaterThan(0.6 * seconds);
    }
  });
});
