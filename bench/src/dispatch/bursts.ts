/**
 * Bursts of calls at even distances, each call enough for a batch, of which nobody but the adversary knows when they end:
 * what they are made of, and how long they wait at best for whoever knows the end.
 */
import type { RateLimits } from '@wsad/domain';
import { budgetOf, withoutReserve } from './prices.ts';
import { BURST_CALL_INVOICES, BURST_GAP_MS, HOUR_MS, type Trace } from './traces.ts';

/** Ends lie so much apart, or a call: as near to each other as makes a difference. */
const ENDS_STEP = 0.05;

export interface Bursts {
  readonly gapSeconds: number;
  /** From the first call to the moment at which the first batch may come back. */
  readonly hourSeconds: number;
  /** So many leave within that time. */
  readonly batches: number;
  /** After how many calls a burst may end; the fewest first. */
  readonly ends: readonly number[];
  /** Means of less than this are no measure: they count as this. */
  readonly leastSeconds: number;
}

/** What is left to work that is not urgent, and bursts that end within the hour, before the first batch comes back. */
export function burstsUnder(
  limits: RateLimits,
  leastSeconds: number,
  longest = Math.floor(HOUR_MS / BURST_GAP_MS),
): Bursts {
  const batches = Math.floor(budgetOf(withoutReserve(limits)).batch);
  return {
    gapSeconds: BURST_GAP_MS / 1_000,
    hourSeconds: HOUR_MS / 1_000,
    batches,
    ends: endsUpTo(longest),
    leastSeconds,
  };
}

function endsUpTo(longest: number): number[] {
  const ends: number[] = [];
  for (let calls = 1; calls < longest; calls += Math.max(1, Math.floor(calls * ENDS_STEP))) ends.push(calls);
  return [...ends, longest];
}

export function burstOf(calls: number): Trace {
  const arrivals = Array.from({ length: calls }, (_, index) => {
    return { atMs: index * BURST_GAP_MS, seller: 0, invoices: BURST_CALL_INVOICES, urgent: false };
  });
  return {
    name: 'burst',
    what: `${calls} calls, ${BURST_GAP_MS} ms apart`,
    light: false,
    seeded: false,
    arrivals,
  };
}

/**
 * Seconds that an invoice waits on average where it is known that so many calls come. A batch of g calls leaves with the last
 * of them, the others having waited g(g-1)/2 distances by then; as that grows faster and faster, batches as even as can be
 * are best.
 */
export function knowingSeconds(calls: number, { batches, gapSeconds }: Bursts): number {
  const size = Math.floor(calls / batches);
  const larger = calls % batches;
  return (gapSeconds * ((batches * size * (size - 1)) / 2 + larger * size)) / calls;
}

/** What is compared with: the mean for whoever knows, or the least that is a measure. */
export function yardSeconds(calls: number, bursts: Bursts): number {
  return Math.max(bursts.leastSeconds, knowingSeconds(calls, bursts));
}
