/** The cheapest schedule for calls that are all known beforehand, at given prices: one pass back in time, one forward. */
import { INTERACTIVE_INVOICES_MAX } from '@wsad/domain';
import { type ByResource, SLOT_MS, type Spent, zeros } from './prices.ts';
import { cheapestSessions } from './sessions.ts';
import type { Arrival } from './traces.ts';

/** More than this many waiting cost no more than this many: a longer queue would only make the bound higher. */
const QUEUE_MAX = 60;

/** A moment at which a session may leave: when something arrives, or when prices change. */
export interface Moment {
  readonly atMs: number;
  readonly slot: number;
  readonly arrived: number;
}

/** Calls as they come, and what it costs to wait between them. */
export interface Course {
  readonly moments: readonly Moment[];
  /** Up to so many that wait are told apart. */
  readonly queueMax: number;
  /** Seconds, by moment and by how many are left waiting until the next one. */
  readonly waiting: readonly Float64Array[];
}

export function momentsOf(arrivals: readonly Pick<Arrival, 'atMs' | 'invoices'>[], slots: number): Moment[] {
  const arrived = arrivals.map(({ atMs, invoices }) => ({ atMs, arrived: invoices }));
  const begins = Array.from({ length: slots }, (_, slot) => ({ atMs: slot * SLOT_MS, arrived: 0 }));
  return [...arrived, ...begins]
    .sort((left, right) => left.atMs - right.atMs)
    .map((moment) => ({ ...moment, slot: Math.floor(moment.atMs / SLOT_MS) }));
}

/** Each waits from one moment to the next, and that is all it costs. */
export function courseOf(arrivals: readonly Arrival[], slots: number): Course {
  const moments = momentsOf(arrivals, slots);
  const invoices = moments.reduce((sum, { arrived }) => sum + arrived, 1);
  const queueMax = Math.min(QUEUE_MAX, invoices);
  const waiting = moments.map(({ atMs }, index) => {
    const gapMs = (moments[index + 1]?.atMs ?? atMs) - atMs;
    return Float64Array.from({ length: queueMax + 1 }, (_, left) => (left * gapMs) / 1_000);
  });
  return { moments, queueMax, waiting };
}

export function cheapestSchedule({ moments, queueMax, waiting }: Course, prices: ByResource): Spent {
  const choices: Int32Array[] = [];
  let next: Float64Array = new Float64Array(queueMax + 1);
  for (let index = moments.length - 1; index >= 0; index -= 1) {
    const arrives = moments[index + 1]?.arrived ?? 0;
    const leaving = new Float64Array(queueMax + 1);
    for (let left = 0; left <= queueMax; left += 1)
      leaving[left] = (waiting[index]?.[left] ?? 0) + (next[Math.min(queueMax, left + arrives)] ?? 0);
    const { cost, rest } = cheapestSessions(leaving, priceIn(prices, moments[index]?.slot ?? 0));
    choices[index] = rest;
    next = cost;
  }
  const first = Math.min(queueMax, moments[0]?.arrived ?? 0);
  return { cost: next[first] ?? 0, used: follow(moments, choices, queueMax, prices.batch.length) };
}

function follow(
  moments: readonly Moment[],
  choices: readonly Int32Array[],
  queueMax: number,
  slots: number,
): ByResource {
  const used = zeros(slots);
  let waiting = 0;
  for (const [index, { slot, arrived }] of moments.entries()) {
    waiting = Math.min(queueMax, waiting + arrived);
    waiting = leave(waiting, choices[index], (count) => charge(used, slot, count, 1));
  }
  return used;
}

/** Session after session by what was chosen, until no more leaves; how many are left. */
function leave(waiting: number, rest: Int32Array | undefined, session: (count: number) => void): number {
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
