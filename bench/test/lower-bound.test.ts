/** No schedule that keeps KSeF's windows waits less than the lower bound says: tiny instances, all schedules tried. */
import { INTERACTIVE_INVOICES_MAX, type RateLimits } from '@wsad/domain';
import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowerBoundSeconds } from '../src/dispatch/lower-bound.ts';
import { budgetOf } from '../src/dispatch/prices.ts';
import type { RandomCalls } from '../src/dispatch/traces.ts';
import { unforeseenSeconds } from '../src/dispatch/unforeseen.ts';
import { fractions } from '../src/dispatch/yardstick.ts';

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

/** What is left of the hour, and how many wait. */
type Left = {
  readonly waiting: number;
  readonly batch: number;
  readonly open: number;
  readonly send: number;
};

/**
 * The mean wait of the best plan that looks every few seconds, knows how many calls to expect and not when they come, and
 * takes no place that comes back: what is left behind waits for that until long after the last call. By all numbers that may
 * wait and be left, back in time.
 */
function bestOnline({ lengthMs, rateAt }: RandomCalls, budget: Omit<Left, 'waiting'>): number {
  const LOOK_SECONDS = 5;
  const comes = 1 - Math.exp(-rateAt(0) * LOOK_SECONDS * 1_000);
  const at = ({ waiting, batch, open, send }: Left) =>
    ((waiting * (budget.batch + 1) + batch) * (budget.open + 1) + open) * (budget.send + 1) + send;
  const states: Left[] = [];
  for (let waiting = 0; waiting <= 30; waiting += 1)
    for (let batch = 0; batch <= budget.batch; batch += 1)
      for (let open = 0; open <= budget.open; open += 1)
        for (let send = 0; send <= budget.send; send += 1) states.push({ waiting, batch, open, send });
  const options = states.map((state) => {
    const small = state.waiting <= INTERACTIVE_INVOICES_MAX;
    const batch = state.batch - (small ? 0 : 1);
    const open = state.open - (small ? 1 : 0);
    const send = state.send - (small ? state.waiting : 0);
    const goes = state.waiting > 0 && Math.min(batch, open, send) >= 0;
    return { now: at(state), gone: goes ? at({ waiting: 0, batch, open, send }) : at(state) };
  });
  let after = Float64Array.from(states, ({ waiting }) => (waiting * (2 * HOUR_MS - lengthMs)) / 1_000);
  const decided = (costs: Float64Array) =>
    Float64Array.from(options, ({ now, gone }) => Math.min(costs[now] ?? 0, costs[gone] ?? 0));
  for (let atMs = lengthMs; atMs > 0; atMs -= LOOK_SECONDS * 1_000) {
    const costs = decided(after);
    after = Float64Array.from(states, (state) => {
      const joined = at({ ...state, waiting: Math.min(30, state.waiting + 1) });
      const later = (1 - comes) * (costs[at(state)] ?? 0) + comes * ((costs[joined] ?? 0) + LOOK_SECONDS / 2);
      return later + state.waiting * LOOK_SECONDS;
    });
  }
  return (decided(after)[at({ waiting: 0, ...budget })] ?? 0) / (rateAt(0) * lengthMs);
}

describe('the bound where the future is not known', () => {
  const bound = (calls: RandomCalls, budget: Omit<Left, 'waiting'>) =>
    unforeseenSeconds(calls, budget, fractions(1));

  it('is never above the best of all plans for a short time, nor far below it', () => {
    const calls = { lengthMs: 2_400_000, rateAt: () => 1 / 120_000 };
    for (const budget of [
      { batch: 1, open: 6, send: 12 },
      { batch: 2, open: 4, send: 8 },
      { batch: 0, open: 9, send: 40 },
    ]) {
      const best = bestOnline(calls, budget);
      expect(bound(calls, budget)).toBeLessThanOrEqual(best);
      expect(bound(calls, budget)).toBeGreaterThan(0.5 * best);
    }
  });

  it('is close to what is the best on average: all in pairs, or half alone and half in pairs', () => {
    const DISTANCE_SECONDS = 30;
    const calls = { lengthMs: 2 * HOUR_MS, rateAt: () => 1 / DISTANCE_SECONDS / 1_000 };
    expect(bound(calls, { batch: 1, open: 60, send: 120 })).toBeGreaterThan(0.9 * 0.5 * DISTANCE_SECONDS);
    expect(bound(calls, { batch: 1, open: 80, send: 120 })).toBeGreaterThan(0.9 * (1 / 3) * DISTANCE_SECONDS);
  });
});
