/**
 * A mean waiting time that no plan can be better than, whatever it knows of the future: KSeF's sliding windows are relaxed
 * to whole hours, calls take no time, and the hours' budgets are priced (Lagrange multipliers). For any prices the cheapest
 * schedule less what the budgets are worth is a bound from below; the prices are raised where an hour is overspent.
 */
import { INTERACTIVE_INVOICES_MAX, type RateLimits, SESSION_INVOICES_MAX } from '@wsad/domain';
import type { Arrival } from './traces.ts';

const HOUR_MS = 3_600_000;
const ROUNDS = 120;
/** Nothing is kept beyond the second hour that begins after it came: prices are never that different. */
const HOURS_KEPT_MAX = 3;
/** Hours after the last arrival, in which whatever is left may go. */
const HOURS_AFTER = 6;
/** How strongly an overspent hour raises its price at first, in seconds of waiting for one call. */
const FIRST_STEP = 20;

interface Prices {
  /** By hour. */
  readonly batch: Float64Array;
  readonly open: Float64Array;
  readonly send: Float64Array;
}

interface Budget {
  readonly batch: number;
  readonly open: number;
  readonly send: number;
}

/** Mean seconds for the invoices of one seller. */
export function lowerBoundSeconds(arrivals: readonly Arrival[], limits: RateLimits): number {
  const arrivedMs = arrivals.flatMap(({ atMs, invoices }) => Array.from({ length: invoices }, () => atMs));
  const hours = Math.floor((arrivedMs.at(-1) ?? 0) / HOUR_MS) + 1 + HOURS_AFTER;
  const budget = budgetOf(limits);
  const prices: Prices = {
    batch: new Float64Array(hours),
    open: new Float64Array(hours),
    send: new Float64Array(hours),
  };
  let best = 0;
  for (let round = 1; round <= ROUNDS; round += 1) {
    const { cost, used } = cheapest(arrivedMs, prices, hours);
    best = Math.max(best, cost - worth(prices, budget));
    raise(prices, used, budget, FIRST_STEP / Math.sqrt(round));
  }
  return best / arrivedMs.length;
}

/** A session is an open and a close; where both share a group, it takes two places of it. */
function budgetOf(limits: RateLimits): Budget {
  const perHour = (group: string) => limits[group]?.perHour ?? Number.POSITIVE_INFINITY;
  const sessions = (open: string, close: string) =>
    limits[close] === undefined ? perHour(open) / 2 : Math.min(perHour(open), perHour(close));
  return {
    batch: sessions('batchSession', 'batchSessionClose'),
    open: sessions('onlineSession', 'onlineSessionClose'),
    send: perHour('invoiceSend'),
  };
}

interface Schedule {
  readonly cost: number;
  readonly used: Prices;
}

/** The cheapest way to cut the arrivals into sessions, each leaving with its last invoice or when a later hour begins. */
function cheapest(arrivedMs: readonly number[], prices: Prices, hours: number): Schedule {
  const count = arrivedMs.length;
  const cuts: Cuts = {
    total: new Float64Array(count + 1).fill(Number.POSITIVE_INFINITY),
    from: new Int32Array(count + 1),
    hour: new Int32Array(count + 1),
  };
  cuts.total[0] = 0;
  for (let end = 1; end <= count; end += 1) {
    const firstHour = Math.floor((arrivedMs[end - 1] ?? 0) / HOUR_MS);
    for (let hour = firstHour; hour < Math.min(hours, firstHour + HOURS_KEPT_MAX); hour += 1)
      cutBefore(end, hour, cuts, arrivedMs, prices);
  }
  return { cost: cuts.total[count] ?? 0, used: usedBy(count, cuts, hours) };
}

interface Cuts {
  /** The least cost of the first so many invoices. */
  readonly total: Float64Array;
  /** Where their last session begins, and in which hour it leaves. */
  readonly from: Int32Array;
  readonly hour: Int32Array;
}

/** Tries every session that ends with the invoice before `end` and leaves in that hour. */
function cutBefore(
  end: number,
  hour: number,
  { total, from, hour: hourOf }: Cuts,
  arrivedMs: readonly number[],
  prices: Prices,
): void {
  const leavesMs = Math.max(arrivedMs[end - 1] ?? 0, hour * HOUR_MS);
  const priceOf = sessionPrices(prices, hour);
  let waited = 0;
  for (let begin = end - 1; begin >= Math.max(0, end - SESSION_INVOICES_MAX); begin -= 1) {
    waited += (leavesMs - (arrivedMs[begin] ?? 0)) / 1_000;
    const cost = (total[begin] ?? 0) + waited + priceOf(end - begin);
    if (cost < (total[end] ?? 0)) {
      total[end] = cost;
      from[end] = begin;
      hourOf[end] = hour;
    }
    // Nothing that reaches further back can be cheaper than what has been found.
    if (waited > (total[end] ?? 0)) return;
  }
}

function sessionPrices(prices: Prices, hour: number): (size: number) => number {
  const batch = prices.batch[hour] ?? 0;
  const open = prices.open[hour] ?? 0;
  const send = prices.send[hour] ?? 0;
  return (size) => (size <= INTERACTIVE_INVOICES_MAX ? open + size * send : batch);
}

function usedBy(count: number, { from, hour: hourOf }: Cuts, hours: number): Prices {
  const used = {
    batch: new Float64Array(hours),
    open: new Float64Array(hours),
    send: new Float64Array(hours),
  };
  for (let end = count; end > 0; end = from[end] ?? 0) {
    const size = end - (from[end] ?? 0);
    const hour = hourOf[end] ?? 0;
    const small = size <= INTERACTIVE_INVOICES_MAX;
    add(small ? used.open : used.batch, hour, 1);
    if (small) add(used.send, hour, size);
  }
  return used;
}

function add(to: Float64Array, index: number, amount: number): void {
  to[index] = (to[index] ?? 0) + amount;
}

function worth(prices: Prices, budget: Budget): number {
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  return sum(prices.batch) * budget.batch + sum(prices.open) * budget.open + sum(prices.send) * budget.send;
}

function raise(prices: Prices, used: Prices, budget: Budget, step: number): void {
  for (const resource of ['batch', 'open', 'send'] as const) {
    const price = prices[resource];
    for (let hour = 0; hour < price.length; hour += 1) {
      const over = ((used[resource][hour] ?? 0) - budget[resource]) / budget[resource];
      price[hour] = Math.max(0, (price[hour] ?? 0) + step * over);
    }
  }
}
