/**
 * How far apart sessions of one seller are kept while an hour's calls run short. The first quarter of the hour is spent as
 * it comes; from there on sessions draw apart, by degrees, to the even pace at which what is left lasts until spent calls
 * come back. Without it the first minutes of a busy hour would take everything, and the rest of the hour would wait.
 */
import type { SlidingWindow, Slot } from './limits.ts';

/** Up to this share of an hour's calls nobody waits. */
const UNSPACED_SHARE = 0.25;
/** From this share on the pace is the even one, and beyond it slower, so that the last calls are hardly ever spent. */
const EVEN_SHARE = 0.95;
const STRICTEST = 1.5;
/** This share of an hour's calls is left to urgent work. */
export const URGENT_SHARE = 0.05;
const HOUR_MS = 3_600_000;

export interface Spacing {
  /** Before this moment only what is reserved for urgent work is left. */
  readonly unreservedAt: Date;
  /** When the next session keeps the pace; in the past where there is no reason to wait. */
  readonly nextAt: Date;
  /** The distance to keep just now. */
  readonly apartMs: number;
  /** So many need not keep that distance: they are as many as are to be expected within it. */
  readonly together: number;
}

/** Nothing speaks against going at once. */
export const NO_SPACING: Spacing = {
  unreservedAt: new Date(0),
  nextAt: new Date(0),
  apartMs: 0,
  together: 0,
};

export interface Demand {
  /** Invoices that come, by what has gone; none are enough to go together where it is not said. */
  readonly perMs?: number;
  readonly unspacedShare?: number;
}

/** By the window of an hour; shorter ones are waited out by the pacer, and a group without one is not spaced. */
export function spacingOf(
  now: Date,
  charged: readonly Slot[],
  windows: readonly SlidingWindow[],
  { perMs = Number.POSITIVE_INFINITY, unspacedShare = UNSPACED_SHARE }: Demand = {},
): Spacing {
  const hour = windows.find(({ lengthMs }) => lengthMs === HOUR_MS);
  const back = comingBack(now, charged);
  const last = back.at(-1);
  if (hour === undefined || last === undefined) return NO_SPACING;
  const calls = hour.calls - Math.floor(hour.calls * URGENT_SHARE);
  const left = calls - back.length;
  const apartMs = evenPaceMs(back, left) * strictness(back.length / calls, unspacedShare);
  return {
    unreservedAt: new Date(now.getTime() + (left >= 1 ? 0 : (back[Math.ceil(-left)] ?? last))),
    nextAt: new Date(now.getTime() + last - HOUR_MS + apartMs),
    apartMs,
    together: apartMs === 0 ? 0 : apartMs * perMs,
  };
}

/** For a session that takes two calls of the same window. */
export function twice({ unreservedAt, nextAt, apartMs, together }: Spacing): Spacing {
  return {
    unreservedAt,
    nextAt: new Date(nextAt.getTime() + apartMs),
    apartMs: 2 * apartMs,
    together: 2 * together,
  };
}

export function slower(left: Spacing, right: Spacing): Spacing {
  return {
    unreservedAt: later(left.unreservedAt, right.unreservedAt),
    nextAt: later(left.nextAt, right.nextAt),
    apartMs: Math.max(left.apartMs, right.apartMs),
    together: Math.max(left.together, right.together),
  };
}

function later(left: Date, right: Date): Date {
  return left > right ? left : right;
}

/** In how many ms each place comes back, the first first. */
function comingBack(now: Date, charged: readonly Slot[]): number[] {
  return charged
    .map(({ answeredAt }) => (answeredAt === null ? HOUR_MS : answeredAt.getTime() + HOUR_MS - now.getTime()))
    .filter((inMs) => inMs > 0)
    .sort((left, right) => left - right);
}

/** The smallest distance at which there is always a place: k places come back by the time that left + k were used. */
function evenPaceMs(back: readonly number[], left: number): number {
  return Math.max(...back.map((inMs, index) => inMs / Math.max(1, left + index + 1)));
}

/** 0 while the hour is hardly touched, 1 when nearly all of it is spent. */
function strictness(usedShare: number, unspacedShare: number): number {
  const share = (usedShare - unspacedShare) / (EVEN_SHARE - unspacedShare);
  return Math.max(0, Math.min(STRICTEST, share));
}
