/**
 * What a call is worth at each moment: the hours of KSeF's sliding windows, each with a price (a Lagrange multiplier). Time
 * is cut into slots of five minutes, and a window begins with every slot: of all the hours that KSeF counts, these
 * alone are kept. A call costs what all windows ask that hold its slot.
 */
import { type RateLimits, URGENT_SHARE } from '@wsad/domain';

export const SLOT_MS = 300_000;
const SLOTS_PER_WINDOW = 12;

export const RESOURCES = ['batch', 'open', 'send'] as const;
export type Resource = (typeof RESOURCES)[number];
/** For each resource a number by slot or by window. */
export type ByResource = Readonly<Record<Resource, Float64Array>>;
export type Budget = Readonly<Record<Resource, number>>;

export function zeros(length: number): ByResource {
  return { batch: new Float64Array(length), open: new Float64Array(length), send: new Float64Array(length) };
}

function copied({ batch, open, send }: ByResource): ByResource {
  return { batch: batch.slice(), open: open.slice(), send: send.slice() };
}

/** What is left of the limits for work that is not urgent. */
export function withoutReserve(limits: RateLimits): RateLimits {
  const groups = Object.entries(limits).map(([group, { perHour, ...shorter }]) => [
    group,
    perHour === undefined ? shorter : { ...shorter, perHour: perHour - Math.floor(perHour * URGENT_SHARE) },
  ]);
  return Object.fromEntries(groups);
}

/** Sessions and sends that fit an hour. A session is an open and a close; where both share a group, it takes two places. */
export function budgetOf(limits: RateLimits): Budget {
  const perHour = (group: string) => limits[group]?.perHour ?? Number.POSITIVE_INFINITY;
  const sessions = (open: string, close: string) =>
    limits[close] === undefined ? perHour(open) / 2 : Math.min(perHour(open), perHour(close));
  return {
    batch: sessions('batchSession', 'batchSessionClose'),
    open: sessions('onlineSession', 'onlineSessionClose'),
    send: perHour('invoiceSend'),
  };
}

/** Windows that hold at least one of so many slots; the first begins before the first slot. */
export function windowsOver(slots: number): number {
  return slots + SLOTS_PER_WINDOW - 1;
}

/** Of a slot: the sum over the windows that hold it. Window w holds the slots from w - 11 to w. */
export function slotPrices(windows: ByResource, slots: number): ByResource {
  const prices = zeros(slots);
  for (const resource of RESOURCES)
    for (let slot = 0; slot < slots; slot += 1)
      prices[resource][slot] = sum(windows[resource], slot, slot + SLOTS_PER_WINDOW);
  return prices;
}

/** What all budgets are worth at these prices. */
export function worth(windows: ByResource, budget: Budget): number {
  return RESOURCES.reduce(
    (total, resource) => total + sum(windows[resource], 0, windows[resource].length) * budget[resource],
    0,
  );
}

/** By how much each window is overspent; below nought where something is left. */
function overspent(used: ByResource, budget: Budget, resource: Resource): Float64Array {
  return Float64Array.from({ length: windowsOver(used[resource].length) }, (_, window) => {
    const from = Math.max(0, window - SLOTS_PER_WINDOW + 1);
    return sum(used[resource], from, window + 1) - budget[resource];
  });
}

function sum(values: Float64Array, from: number, to: number): number {
  let total = 0;
  for (let index = from; index < Math.min(to, values.length); index += 1) total += values[index] ?? 0;
  return total;
}

export interface Spent {
  /** Seconds waited by all, and the price of all calls. */
  readonly cost: number;
  readonly used: ByResource;
}

/** How prices are sought: in so many rounds, from where, and by how many seconds a round changes them at first. */
export interface Search {
  readonly rounds: number;
  readonly from?: ByResource;
  readonly firstStep?: number;
}

export interface Dearest {
  readonly bound: number;
  readonly windows: ByResource;
}

/** The prices, of those tried, at which the cheapest way to go, less what the budgets are worth, costs most. */
export function dearest(
  slots: number,
  budget: Budget,
  cheapest: (prices: ByResource) => Spent,
  { rounds, from = zeros(windowsOver(slots)), firstStep = 3 }: Search,
): Dearest {
  const windows = copied(from);
  let best = { bound: 0, windows: copied(windows) };
  const climb = climber(slots);
  for (let round = 0; round < rounds; round += 1) {
    const { cost, used } = cheapest(slotPrices(windows, slots));
    const bound = cost - worth(windows, budget);
    if (bound > best.bound) best = { bound, windows: copied(windows) };
    climb(windows, used, budget, firstStep * (1 - round / rounds) ** STEPS_FALL);
  }
  return best;
}

/** A mean over rounds that keeps so much of what was, of what is overspent and of its square; and how fast steps fall. */
const KEPT = 0.95;
const SQUARE_KEPT = 0.99;
const STEPS_FALL = 1.5;

/**
 * Dearer where a window was overspent in the last rounds, cheaper where something was left; never below nought. Sessions
 * jump between prices that are nearly the same, so that one round says little; each window goes by its mean, in a step that
 * is as long for windows that are hardly overspent as for others (Adam).
 */
function climber(slots: number) {
  const means = zeros(windowsOver(slots));
  const squares = zeros(windowsOver(slots));
  let round = 0;
  return (windows: ByResource, used: ByResource, budget: Budget, step: number): void => {
    round += 1;
    for (const resource of RESOURCES) {
      const [price, mean, square] = [windows[resource], means[resource], squares[resource]];
      for (const [window, over] of overspent(used, budget, resource).entries()) {
        const ofMean = KEPT * (mean[window] ?? 0) + (1 - KEPT) * over;
        const ofSquare = SQUARE_KEPT * (square[window] ?? 0) + (1 - SQUARE_KEPT) * over ** 2;
        mean[window] = ofMean;
        square[window] = ofSquare;
        const usual = Math.sqrt(ofSquare / (1 - SQUARE_KEPT ** round)) + 0.5;
        price[window] = Math.max(0, (price[window] ?? 0) + (step * ofMean) / (1 - KEPT ** round) / usual);
      }
    }
  };
}
