/** The cheapest schedule for calls that are all known beforehand, at given prices: one pass back in time, one forward. */
import { INTERACTIVE_INVOICES_MAX } from '@wsad/domain';
import { type ByResource, SLOT_MS, type Spent, zeros } from './prices.ts';
import { cheapestSessions } from './sessions.ts';
import type { Arrival } from './traces.ts';

/** More than this many waiting cost no more than this many: a longer queue would only make the bound higher. */
const QUEUE_MAX = 60;

/** A moment at which a session may leave: when something arrives, or when prices change. */
interface Moment {
  readonly atMs: number;
  readonly slot: number;
  readonly arrived: number;
}

export function momentsOf(arrivals: readonly Arrival[], slots: number): Moment[] {
  const arrived = arrivals.map(({ atMs, invoices }) => ({ atMs, arrived: invoices }));
  const begins = Array.from({ length: slots }, (_, slot) => ({ atMs: slot * SLOT_MS, arrived: 0 }));
  return [...arrived, ...begins]
    .sort((left, right) => left.atMs - right.atMs)
    .map((moment) => ({ ...moment, slot: Math.floor(moment.atMs / SLOT_MS) }));
}

export function cheapestSchedule(moments: readonly Moment[], prices: ByResource): Spent {
  const cap = Math.min(
    QUEUE_MAX,
    moments.reduce((sum, { arrived }) => sum + arrived, 1),
  );
  const slots = prices.batch.length;
  const choices: Int32Array[] = [];
  let next: Float64Array = new Float64Array(cap + 1);
  for (let index = moments.length - 1; index >= 0; index -= 1) {
    const { slot = 0, atMs = 0 } = moments[index] ?? {};
    const later = moments[index + 1];
    const gap = later === undefined ? 0 : (later.atMs - atMs) / 1_000;
    const leaving = new Float64Array(cap + 1);
    for (let left = 0; left <= cap; left += 1)
      leaving[left] = left * gap + (next[Math.min(cap, left + (later?.arrived ?? 0))] ?? 0);
    const { cost, rest } = cheapestSessions(leaving, priceIn(prices, slot));
    choices[index] = rest;
    next = cost;
  }
  const first = Math.min(cap, moments[0]?.arrived ?? 0);
  return { cost: next[first] ?? 0, used: follow(moments, choices, cap, slots) };
}

function follow(
  moments: readonly Moment[],
  choices: readonly Int32Array[],
  cap: number,
  slots: number,
): ByResource {
  const used = zeros(slots);
  let waiting = 0;
  for (const [index, { slot, arrived }] of moments.entries()) {
    waiting = Math.min(cap, waiting + arrived);
    waiting = leave(waiting, choices[index], (count) => charge(used, slot, count, 1));
  }
  return used;
}

/** Session after session by what was chosen, until no more leaves; how many are left. */
export function leave(
  waiting: number,
  rest: Int32Array | undefined,
  session: (count: number) => void,
): number {
  const left = rest?.[waiting] ?? waiting;
  if (left === waiting) return waiting;
  session(waiting - left);
  return leave(left, rest, session);
}

export function charge(used: ByResource, slot: number, count: number, times: number): void {
  const small = count <= INTERACTIVE_INVOICES_MAX;
  const sessions = small ? used.open : used.batch;
  sessions[slot] = (sessions[slot] ?? 0) + times;
  if (small) used.send[slot] = (used.send[slot] ?? 0) + times * count;
}

export function priceIn({ batch, open, send }: ByResource, slot: number) {
  return { batch: batch[slot] ?? 0, open: open[slot] ?? 0, send: send[slot] ?? 0 };
}
