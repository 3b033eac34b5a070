/**
 * A mean waiting time that no plan can be better than, whatever it knows of the future. Relaxed are: KSeF's sliding windows,
 * of which those that begin with five minutes are kept; minutes and seconds, which are left out; calls, which take
 * no time; and the budgets of the hours, which are priced (Lagrange multipliers). For any prices the cheapest schedule less
 * what the budgets are worth is a bound from below; prices are raised where an hour is overspent. One rule is kept: a session
 * takes what waits at one moment, five or fewer interactively and more as a batch.
 */
import type { RateLimits } from '@wsad/domain';
import { cheapestSchedule, courseOf } from './clairvoyant.ts';
import { type ByResource, budgetOf, dearest, SLOT_MS } from './prices.ts';
import type { Arrival } from './traces.ts';

/** After the last arrival, in which whatever is left may go. */
const SLOTS_AFTER = 24;
const ROUNDS = 150;

/** Mean seconds for the invoices of one seller, whatever the plan knows of the future. */
export function lowerBoundSeconds(arrivals: readonly Arrival[], limits: RateLimits): number {
  const slots = Math.floor((arrivals.at(-1)?.atMs ?? 0) / SLOT_MS) + 1 + SLOTS_AFTER;
  const course = courseOf(arrivals, slots);
  const schedule = (prices: ByResource) => cheapestSchedule(course, prices);
  const { bound } = dearest(slots, budgetOf(limits), schedule, { rounds: ROUNDS });
  const invoices = arrivals.reduce((sum, arrival) => sum + arrival.invoices, 0);
  return bound / invoices;
}
