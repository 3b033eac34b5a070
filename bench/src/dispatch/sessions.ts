/** The cheapest sessions for what waits at one moment, at given prices and given what it costs to leave some behind. */
import { INTERACTIVE_INVOICES_MAX } from '@wsad/domain';

export interface SlotPrice {
  readonly batch: number;
  readonly open: number;
  readonly send: number;
}

export interface Choice {
  /** By how many wait: the least cost from here on. */
  readonly cost: Float64Array;
  /** By how many wait: how many are left after the next session; the same number where none leaves. */
  readonly rest: Int32Array;
}

/**
 * `leaving`: what it costs from here on when so many are left waiting. Its last entry stands for that many or more, so
 * that no queue is too long: a session may bring it down to any number, which makes things cheaper than they are.
 */
export function cheapestSessions(leaving: Float64Array, price: SlotPrice): Choice {
  const cap = leaving.length - 1;
  const cost = leaving.slice();
  const rest = new Int32Array(cap + 1);
  let lowest = 0;
  for (let waiting = 1; waiting <= cap; waiting += 1) {
    rest[waiting] = waiting;
    const most = Math.min(INTERACTIVE_INVOICES_MAX, waiting);
    for (let count = 1; count <= most; count += 1)
      better(cost, rest, waiting, waiting - count, price.open + count * price.send);
    const left = waiting === cap ? cap - 1 : waiting - INTERACTIVE_INVOICES_MAX - 1;
    if (left < 0) continue;
    const from = waiting === cap ? 0 : left;
    for (let index = from; index <= left; index += 1)
      if ((cost[index] ?? 0) < (cost[lowest] ?? 0)) lowest = index;
    better(cost, rest, waiting, lowest, price.batch);
  }
  return { cost, rest };
}

function better(cost: Float64Array, rest: Int32Array, waiting: number, left: number, price: number): void {
  const total = (cost[left] ?? 0) + price;
  if (total >= (cost[waiting] ?? 0)) return;
  cost[waiting] = total;
  rest[waiting] = left;
}
