/**
 * A mean waiting time that no plan can be better than on average where calls come at random (Poisson) and nobody knows
 * when the next will come, though the plan may know how many to expect at each moment. Time is cut into steps; the plan
 * is told at the beginning of each what comes within it, and whatever is left then waits for a step. No invoice is charged
 * more than a step too much by that, so a step is taken off. Budgets of the hours are priced as in lower-bound.ts: what a
 * plan spends on average must fit each hour. As the bound holds for any prices, they are sought in long steps.
 */
import { charge, leave, priceIn } from './clairvoyant.ts';
import { type Budget, type ByResource, dearest, SLOT_MS, slotPrices, worth, zeros } from './prices.ts';
import { cheapestSessions } from './sessions.ts';

export interface RandomCalls {
  readonly lengthMs: number;
  /** Invoices to expect per ms. */
  rateAt(atMs: number): number;
}

const LONG_STEP_MS = 6_000;
const SHORT_STEP_MS = 200;
/** So many waiting cost no more than this many: a longer queue would only make the bound higher. */
const QUEUE_MAX = 16;
/** After the last call, in which whatever is left may go. */
const SLOTS_AFTER = 4;
/** What is less likely than this need not be followed to find good prices. */
const NEVER = 1e-9;

/** Mean seconds over all invoices that are to be expected. */
export function unforeseenSeconds(calls: RandomCalls, budget: Budget): number {
  const long = stepsOf(calls, LONG_STEP_MS);
  const { windows } = dearest(long.slots, budget, (prices) => {
    const { cost, rest } = cheapest(long, prices);
    return { cost, used: usedOnAverage(long, rest) };
  });
  const short = stepsOf(calls, SHORT_STEP_MS);
  const { cost } = cheapest(short, slotPrices(windows, short.slots));
  const invoices = short.expected.reduce((sum, count) => sum + count, 0);
  return Math.max(0, (cost - worth(windows, budget)) / invoices - SHORT_STEP_MS / 1_000);
}

interface Steps {
  readonly lengthMs: number;
  readonly slots: number;
  /** Invoices to be expected within each step. */
  readonly expected: Float64Array;
}

function stepsOf({ lengthMs, rateAt }: RandomCalls, stepMs: number): Steps {
  const slots = Math.ceil(lengthMs / SLOT_MS) + SLOTS_AFTER;
  const expected = Float64Array.from({ length: (slots * SLOT_MS) / stepMs }, (_, step) => {
    const atMs = (step + 0.5) * stepMs;
    return atMs < lengthMs ? rateAt(atMs) * stepMs : 0;
  });
  return { lengthMs: stepMs, slots, expected };
}

/** How likely none, one or two come within a step. */
function chances(expected: number): readonly [number, number, number] {
  const none = Math.exp(-expected);
  return [none, none * expected, (none * expected ** 2) / 2];
}

interface Plan {
  readonly cost: number;
  /** By step: how many are left, by how many wait with those that came within it. */
  readonly rest: readonly Int32Array[];
}

/** One pass back in time over all that may wait, at given prices. */
function cheapest({ lengthMs, expected }: Steps, prices: ByResource): Plan {
  const rest: Int32Array[] = [];
  const leaving = new Float64Array(QUEUE_MAX + 1);
  const next = new Float64Array(QUEUE_MAX + 1);
  for (let step = expected.length - 1; step >= 0; step -= 1) {
    let least = Number.POSITIVE_INFINITY;
    for (let left = 0; left <= QUEUE_MAX; left += 1) {
      leaving[left] = (next[left] ?? 0) + (left * lengthMs) / 1_000;
      least = Math.min(least, leaving[left] ?? 0);
    }
    const choice = cheapestSessions(leaving, priceIn(prices, Math.floor((step * lengthMs) / SLOT_MS)));
    const [none, one, two] = chances(expected[step] ?? 0);
    const of = (waiting: number) => choice.cost[Math.min(QUEUE_MAX, waiting)] ?? 0;
    // More than two come hardly ever: then whatever is best for the plan is taken to be the case.
    const more = (1 - none - one - two) * least;
    for (let waiting = 0; waiting <= QUEUE_MAX; waiting += 1)
      next[waiting] = none * of(waiting) + one * of(waiting + 1) + two * of(waiting + 2) + more;
    rest[step] = choice.rest;
  }
  return { cost: next[0] ?? 0, rest };
}

/** What that plan spends in each slot, on average over all that may come. */
function usedOnAverage({ lengthMs, slots, expected }: Steps, rest: Plan['rest']): ByResource {
  const used = zeros(slots);
  let likely = new Float64Array(QUEUE_MAX + 1);
  likely[0] = 1;
  for (const [step, choice] of rest.entries()) {
    const slot = Math.floor((step * lengthMs) / SLOT_MS);
    const after = new Float64Array(QUEUE_MAX + 1);
    const [none, one] = chances(expected[step] ?? 0);
    for (const [came, chance] of [none, one, 1 - none - one].entries())
      for (let before = 0; before <= QUEUE_MAX; before += 1) {
        const times = chance * (likely[before] ?? 0);
        if (times < NEVER) continue;
        const waiting = Math.min(QUEUE_MAX, before + came);
        const left = leave(waiting, choice, (count) => charge(used, slot, count, times));
        after[left] = (after[left] ?? 0) + times;
      }
    likely = after;
  }
  return used;
}
