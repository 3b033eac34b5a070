/**
 * What knowing the future is charged, so that it pays nothing on average: whoever finds so many waiting when a call comes
 * is charged what that call makes dearer, and is given what such calls are expected to make dearer while nothing comes. For
 * anybody who does not know when the next call will come, both are the same on average, whatever the tolls are: so a
 * schedule that pays them and knows everything still is a bound for those who know nothing (information relaxation with a
 * penalty). Good tolls are those of calls that come evenly: the relative value of a queue where every session has its price.
 */
import { INTERACTIVE_INVOICES_MAX } from '@wsad/domain';
import { charge, priceIn } from './clairvoyant.ts';
import { type Budget, type ByResource, dearest, SLOT_MS, type Spent, slotPrices, zeros } from './prices.ts';
import type { SlotPrice } from './sessions.ts';
import type { RandomCalls } from './traces.ts';

/** So many that wait are told apart; more cost no more. */
export const QUEUE_MAX = 24;
/** Rounds to find prices in; each is hardly more than a sum over the slots. */
const ROUNDS = 1_000;
/** What waits is worth going through from one end to the other so often; it settles in fewer. */
const SWEEPS = 40;

export interface Tolls {
  /** The prices of the windows, and those of the slots. */
  readonly windows: ByResource;
  readonly prices: ByResource;
  /** Seconds, by slot and by how many are waiting when a call comes. */
  readonly tolls: readonly Float64Array[];
}

export function tollsFor(calls: RandomCalls, slots: number, budget: Budget): Tolls {
  const perSecond = Float64Array.from({ length: slots }, (_, slot) => rateIn(calls, (slot + 0.5) * SLOT_MS));
  const { windows } = dearest(slots, budget, (prices) => evenly(perSecond, prices), { rounds: ROUNDS });
  const prices = slotPrices(windows, slots);
  const tolls = Array.from(perSecond, (rate, slot) => tollsIn(rate, priceIn(prices, slot)));
  return { windows, prices, tolls };
}

/** Calls to expect in a second. */
export function rateIn({ lengthMs, rateAt }: RandomCalls, atMs: number): number {
  return atMs < lengthMs ? rateAt(atMs) * 1_000 : 0;
}

/** Each slot by itself: sessions of the size that is cheapest for an invoice, when (n - 1) / 2 distances are waited for it. */
function evenly(perSecond: Float64Array, prices: ByResource): Spent {
  const used = zeros(perSecond.length);
  let cost = 0;
  for (const [slot, rate] of perSecond.entries()) {
    if (rate === 0) continue;
    const invoices = (rate * SLOT_MS) / 1_000;
    const { count, each } = cheapestSize(rate, priceIn(prices, slot));
    cost += invoices * each;
    charge(used, slot, count, invoices / count);
  }
  return { cost, used };
}

function cheapestSize(rate: number, price: SlotPrice): { count: number; each: number } {
  let best = { count: 1, each: Number.POSITIVE_INFINITY };
  for (let count = 1; count <= QUEUE_MAX; count += 1) {
    const each = (count - 1) / (2 * rate) + sessionPrice(price, count) / count;
    if (each < best.each) best = { count, each };
  }
  return best;
}

function sessionPrice({ batch, open, send }: SlotPrice, count: number): number {
  return count <= INTERACTIVE_INVOICES_MAX ? open + count * send : batch;
}

/** By how much each further one that waits makes things dearer, where calls come at this rate for ever at these prices. */
function tollsIn(rate: number, price: SlotPrice): Float64Array {
  const tolls = new Float64Array(QUEUE_MAX + 1);
  if (rate === 0) return tolls;
  const { each } = cheapestSize(rate, price);
  const value = new Float64Array(QUEUE_MAX + 2).fill(Number.MAX_VALUE);
  value[0] = 0;
  const better = (waiting: number, cost: number): void => {
    value[waiting] = Math.min(value[waiting] ?? cost, cost);
  };
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (let waiting = 1; waiting < value.length; waiting += 1)
      for (let count = 1; count <= waiting; count += 1)
        better(waiting, (value[waiting - count] ?? 0) + sessionPrice(price, count));
    for (let waiting = QUEUE_MAX; waiting > 0; waiting -= 1)
      better(waiting, waiting / rate - each + (value[waiting + 1] ?? 0));
  }
  for (let waiting = 0; waiting < QUEUE_MAX; waiting += 1)
    tolls[waiting] = (value[waiting + 1] ?? 0) - (value[waiting] ?? 0);
  return tolls;
}
