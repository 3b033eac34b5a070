/**
 * What a call is worth at each moment: the hours of KSeF's sliding windows, each with a price (a Lagrange multiplier). Time
 * is cut into slots of a quarter of an hour, and a window begins with every slot: of all the hours that KSeF counts, these
 * alone are kept. A call costs what all windows ask that hold its slot.
 */
import { type RateLimits, URGENT_SHARE } from '@wsad/domain';

export const SLOT_MS = 900_000;
const SLOTS_PER_WINDOW = 4;

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

/** Of a slot: the sum over the windows that hold it. Window w holds the slots from w - 3 to w. */
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

/** Dearer where a window is overspent, cheaper where something is left; never below nought. */
function raise(windows: ByResource, used: ByResource, budget: Budget, step: number): void {
  for (const resource of RESOURCES) {
    const price = windows[resource];
    for (let window = 0; window < price.length; window += 1) {
      const calls = sum(used[resource], Math.max(0, window - SLOTS_PER_WINDOW + 1), window + 1);
      const over = (calls - budget[resource]) / budget[resource];
      price[window] = Math.max(0, (price[window] ?? 0) + step * over);
    }
  }
}

function sum(values: Float64Array, from: number, to: number): number {
  let total = 0;
  for (let index = from; index < Math.min(to, values.length); index += 1) total += values[index] ?? 0;
  return total;
}

/** Rounds, and how strongly an overspent window raises its price at first, in seconds of waiting for one call. */
const PHASES = [
  { rounds: 40, firstStep: 40 },
  { rounds: 80, firstStep: 5 },
];

export interface Spent {
  /** Seconds waited by all, and the price of all calls. */
  readonly cost: number;
  readonly used: ByResource;
}

/** The prices, of those tried, at which the cheapest way to go, less what the budgets are worth, costs most. */
export function dearest(
  slots: number,
  budget: Budget,
  cheapest: (prices: ByResource) => Spent,
): { readonly bound: number; readonly windows: ByResource } {
  let best = { bound: 0, windows: zeros(windowsOver(slots)) };
  for (const { rounds, firstStep } of PHASES) {
    const windows = copied(best.windows);
    for (let round = 1; round <= rounds; round += 1) {
      const { cost, used } = cheapest(slotPrices(windows, slots));
      const bound = cost - worth(windows, budget);
      if (bound > best.bound) best = { bound, windows: copied(windows) };
      raise(windows, used, budget, firstStep / Math.sqrt(round));
    }
  }
  return best;
}
