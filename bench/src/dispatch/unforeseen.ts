/**
 * A mean waiting time that no plan can be better than on average where calls come at random (Poisson) and nobody knows
 * when the next will come, though the plan may know how many to expect. While j wait, the next one comes at the known
 * rate; so to find j waiting costs, on average, j times the mean distance of calls. A session of n, of which the second
 * found one and the last n - 1, has therefore cost n(n-1)/2 distances of waiting, however cleverly its moment was chosen.
 * Hours begin on the clock, KSeF's sliding ones being relaxed to these; each has its cheapest mixture of sessions.
 */
import { INTERACTIVE_INVOICES_MAX } from '@wsad/domain';
import type { Budget } from './prices.ts';

export interface RandomCalls {
  readonly lengthMs: number;
  /** Invoices to expect per ms. */
  rateAt(atMs: number): number;
}

const HOUR_MS = 3_600_000;
const SAMPLES_PER_HOUR = 600;
/** What is left when the hour ends counts as one session more, of whatever kind; a second makes sure of it. */
const SESSIONS_OVER_THE_EDGES = 2;
const BATCH_INVOICES_MIN = INTERACTIVE_INVOICES_MAX + 1;

/** Mean seconds over all invoices that are to be expected. */
export function unforeseenSeconds(calls: RandomCalls, budget: Budget): number {
  let seconds = 0;
  let invoices = 0;
  for (let fromMs = 0; fromMs < calls.lengthMs; fromMs += HOUR_MS) {
    const rates = Array.from({ length: SAMPLES_PER_HOUR }, (_, index) =>
      calls.rateAt(fromMs + ((index + 0.5) * HOUR_MS) / SAMPLES_PER_HOUR),
    );
    const expected = (rates.reduce((sum, rate) => sum + rate, 0) / SAMPLES_PER_HOUR) * HOUR_MS;
    seconds += distancesWaited(expected, budget) / Math.max(...rates) / 1_000;
    invoices += expected;
  }
  return seconds / invoices;
}

/** The least that the invoices of an hour wait, in mean distances of calls; sessions may be fractions. */
export function distancesWaited(invoices: number, budget: Budget): number {
  const open = budget.open + SESSIONS_OVER_THE_EDGES;
  const mostSmall = Math.min(invoices, budget.send + SESSIONS_OVER_THE_EDGES * INTERACTIVE_INVOICES_MAX);
  const batch = budget.batch + SESSIONS_OVER_THE_EDGES;
  // The cost is convex and made of straight pieces: its least is where one of them ends.
  const corners = Array.from({ length: INTERACTIVE_INVOICES_MAX }, (_, size) => (size + 1) * open);
  const inBatches = Array.from(
    { length: Math.ceil(invoices / batch) },
    (_, size) => invoices - (size + 1) * batch,
  );
  const small = [0, mostSmall, ...corners, ...inBatches].filter((count) => count >= 0 && count <= mostSmall);
  return Math.min(
    ...small.map((count) => evenly(count, open, 1) + evenly(invoices - count, batch, BATCH_INVOICES_MIN)),
  );
}

/** So many invoices in so many sessions, as even as can be, none smaller than `least` (or none at all). */
function evenly(invoices: number, sessions: number, least: number): number {
  const used = Math.min(sessions, invoices / least);
  if (used === 0) return 0;
  const size = Math.floor(invoices / used);
  const larger = invoices - size * used;
  return (used * size * (size - 1)) / 2 + larger * size;
}
