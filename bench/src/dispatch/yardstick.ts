/** What the dispatch plan is measured by: KSeF's limits as it counts now and counted before, bounds, means and percentiles. */
import { DOCUMENTED_RATE_LIMITS, type RateLimits } from '@wsad/domain';
import { seededRandom } from '@wsad/samples';
import { lowerBoundSeconds } from './lower-bound.ts';
import { budgetOf } from './prices.ts';
import type { Trace } from './traces.ts';
import { unforeseenSeconds } from './unforeseen.ts';

/** A bound of less than this is no measure: lingering for neighbours alone takes a quarter of a second. */
export const BOUND_SECONDS_MIN = 1;

/** As KSeF has counted since 2.8.0, and as before, when closing a session took a place from opening one. */
export const CLOSES_APART: RateLimits = {
  ...DOCUMENTED_RATE_LIMITS,
  batchSessionClose: { perSecond: 20, perMinute: 40, perHour: 120 },
  onlineSessionClose: { perSecond: 20, perMinute: 60, perHour: 240 },
};
export const LIMITS: Readonly<Record<string, RateLimits>> = {
  closesApart: CLOSES_APART,
  closesShared: DOCUMENTED_RATE_LIMITS,
};

export function fractions(seed: number): () => number {
  const { int } = seededRandom(seed);
  return () => int(0, 2 ** 31 - 1) / 2 ** 31;
}

/** Runs for the bound are drawn from a seed of their own. */
const BOUND_SEED = 7;

/** For anybody who knows how many calls to expect alone; 0 where they do not come at random. */
export function unforeseenOf({ random }: Trace, limits: RateLimits): number {
  return random === undefined ? 0 : unforeseenSeconds(random, budgetOf(limits), fractions(BOUND_SEED));
}

/** The bound of each seller by itself; they share nothing but logins, which the bound leaves out. */
export function foreseenSeconds(trace: Trace, limits: RateLimits): number {
  const bySeller = Map.groupBy(trace.arrivals, ({ seller }) => seller);
  let seconds = 0;
  let invoices = 0;
  for (const arrivals of bySeller.values()) {
    const count = arrivals.reduce((sum, arrival) => sum + arrival.invoices, 0);
    // A single call has nothing to wait for.
    if (arrivals.length > 1) seconds += lowerBoundSeconds(arrivals, limits) * count;
    invoices += count;
  }
  return seconds / invoices;
}

export function meanSeconds(waitsMs: readonly number[]): number {
  return waitsMs.reduce((sum, ms) => sum + ms, 0) / waitsMs.length / 1_000;
}

export function p99Seconds(waitsMs: readonly number[]): number {
  const sorted = [...waitsMs].sort((left, right) => left - right);
  return (sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN) / 1_000;
}
