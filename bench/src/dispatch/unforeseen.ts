/**
 * A mean waiting time that no plan can be better than on average where calls come at random (Poisson) and nobody knows
 * when the next will come, though the plan may know how many to expect at each moment. Runs of such calls are drawn, and
 * for each the cheapest schedule is sought that keeps the windows of lower-bound.ts in this very run; it knows the future
 * and is charged for it (tolls.ts). The mean over the runs is the bound; as they are no more than a sample, two standard
 * errors are taken off.
 */
import { type Course, cheapestSchedule, momentsOf } from './clairvoyant.ts';
import { type Budget, dearest, SLOT_MS } from './prices.ts';
import { QUEUE_MAX, rateIn, type Tolls, tollsFor } from './tolls.ts';
import { drawn, type RandomCalls } from './traces.ts';

/** How many are drawn, and rounds for each to find its own prices in, from those that fit all of them on average. */
const RUNS = 16;
const ROUNDS = 40;
/** After the last call, in which whatever is left may go. */
const SLOTS_AFTER = 12;

/** Mean seconds over all invoices that are to be expected. */
export function unforeseenSeconds(calls: RandomCalls, budget: Budget, random: () => number): number {
  const slots = Math.ceil(calls.lengthMs / SLOT_MS) + SLOTS_AFTER;
  const tolls = tollsFor(calls, slots, budget);
  const expected = Array.from({ length: slots }, (_, slot) => expectedWithin(calls, slot * SLOT_MS, SLOT_MS));
  const invoices = expected.reduce((sum, count) => sum + count, 0);
  const bounds = Array.from({ length: RUNS }, () => {
    const course = tolled(calls, drawn(random, calls), slots, tolls);
    const schedule = (prices: Tolls['prices']) => cheapestSchedule(course, prices);
    return (
      dearest(slots, budget, schedule, { rounds: ROUNDS, firstStep: 1, from: tolls.windows }).bound / invoices
    );
  });
  const mean = bounds.reduce((sum, bound) => sum + bound, 0) / RUNS;
  const variance = bounds.reduce((sum, bound) => sum + (bound - mean) ** 2, 0) / (RUNS - 1);
  return Math.max(0, mean - 2 * Math.sqrt(variance / RUNS));
}

/** A session may leave right before a call, too: that pays where the call finds fewer waiting. */
function tolled(calls: RandomCalls, comeAtMs: readonly number[], slots: number, { tolls }: Tolls): Course {
  const both = comeAtMs.flatMap((atMs) => [0, 1].map((invoices) => ({ atMs, invoices })));
  const moments = momentsOf(both, slots);
  const waiting = moments.map(({ atMs, slot }, index) => {
    const next = moments[index + 1] ?? { atMs, slot, arrived: 0 };
    const expected = expectedWithin(calls, atMs, next.atMs - atMs);
    return Float64Array.from({ length: QUEUE_MAX + 1 }, (_, left) => {
      const given = expected * (tolls[slot]?.[left] ?? 0);
      const charged = next.arrived * (tolls[next.slot]?.[left] ?? 0);
      return (left * (next.atMs - atMs)) / 1_000 + given - charged;
    });
  });
  return { moments, queueMax: QUEUE_MAX, waiting };
}

/** How many are to be expected within so short a time that a parabola is close enough (Simpson). */
function expectedWithin(calls: RandomCalls, fromMs: number, lengthMs: number): number {
  const rate = (atMs: number) => rateIn(calls, atMs);
  const mean = (rate(fromMs) + 4 * rate(fromMs + lengthMs / 2) + rate(fromMs + lengthMs)) / 6;
  return (mean * lengthMs) / 1_000;
}
