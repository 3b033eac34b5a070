/**
 * How far apart sessions of one seller are kept while an hour's calls run short: hardly at all at first, and by degrees up
 * to the even pace at which what is left lasts until spent calls come back. Without it the first minutes of a busy hour
 * would take everything, and the rest of the hour would wait.
 * A few invoices are kept for each other instead: the fewer sessions are left for what comes, the more go together. And
 * while sends are being spent faster than they last, a few wait for the sixth, as a batch spends none, but no longer than sends
 * are worth (pace.ts).
 */
import type { SlidingWindow, Slot } from './limits.ts';

/** At this share of an hour's calls a few are worth the even distance to each other; it grows with the square of the share. */
const EVEN_SHARE = 0.7;
/** A few go by the even share of what comes when so much of the hour is spent; all of it more or less is so many invoices. */
const GATHERING_SHARE = 0.9;
const INVOICES_PER_SHARE = 3;
/** Up to so many go together interactively; each further one waits longer for its like than six wait for each other. */
const GATHERED_MAX = 3;
const A_BATCH = 6;
/** What is left of the sends must last at so many times their mean distance: then a lull after a burst finds some. */
const LASTING = 1.5;
/** This share of an hour's calls is left to urgent work. */
export const URGENT_SHARE = 0.05;
const HOUR_MS = 3_600_000;

export interface Spacing {
  /** Before this moment only what is reserved for urgent work is left. */
  readonly unreservedAt: Date;
  /** Sessions (or calls) that may begin now without what is reserved. */
  readonly unreserved: number;
  /** When the next session keeps the pace; in the past where there is no reason to wait. */
  readonly nextAt: Date;
  /** The pace: from nothing to the even distance with the square of what is spent, so that what is left never runs out. */
  readonly paceMs: number;
  /** The distance that a session is worth just now. */
  readonly apartMs: number;
  /** The distance at which what is left lasts. */
  readonly evenMs: number;
  /** Of the calls that are not reserved, what is spent. */
  readonly usedShare: number;
}

export interface SpacingOfFew extends Spacing {
  /** So many need not wait for more; from six on it is a batch that is waited for. */
  readonly together: number;
  /** What sending one, two and so on interactively has to wait for. */
  readonly sends: readonly SpacingOfSends[];
  /** Sends that are not reserved. */
  readonly unreservedSends: number;
  /** A send is worth it to an invoice that has waited for so long. */
  readonly sendWorthMs: number;
}

export interface SpacingOfSends {
  /** Before this moment some would be taken from what is reserved. */
  readonly unreservedAt: Date;
  /** From when what is left lasts. */
  readonly lastAt: Date;
}

/** Nothing speaks against going at once. */
export const NO_SPACING: SpacingOfFew = {
  unreservedAt: new Date(0),
  unreserved: Number.POSITIVE_INFINITY,
  nextAt: new Date(0),
  paceMs: 0,
  apartMs: 0,
  evenMs: 0,
  usedShare: 0,
  together: 0,
  sends: [],
  unreservedSends: Number.POSITIVE_INFINITY,
  sendWorthMs: 0,
};

/**
 * By the window of an hour; shorter ones are waited out by the pacer, and a group without one is not spaced. `takes`: what
 * one session takes of these calls; `closing`: how many of those promised are for sessions that have begun already.
 */
export function spacingOf(
  now: Date,
  charged: readonly Slot[],
  windows: readonly SlidingWindow[],
  { takes = 1, closing = 0 } = {},
): Spacing {
  const hour = hourOf(now, charged, windows);
  if (hour === null) return NO_SPACING;
  const { back, left, calls } = hour;
  const unreserved = Math.max(0, Math.floor(left / takes));
  if (back.length === 0) return { ...NO_SPACING, unreserved };
  const lastBegan = lastBegunMs(now, charged, closing);
  const evenMs = takes * evenPaceMs(back, left);
  const usedShare = back.length / calls;
  const paceMs = evenMs * Math.min(1, usedShare) ** 2;
  const apartMs = evenMs * (usedShare / EVEN_SHARE) ** 2;
  return {
    unreservedAt: unreservedAt(now, charged, windows, takes),
    unreserved,
    nextAt: lastBegan === undefined ? now : new Date(lastBegan + paceMs),
    paceMs,
    apartMs,
    evenMs,
    usedShare,
  };
}

/**
 * What is promised to sessions that have begun is to come, and the last of all. A call that nobody answers is no reason to
 * wait anew at each look: whoever made it may be dead.
 */
function lastBegunMs(now: Date, charged: readonly Slot[], closing: number): number | undefined {
  const begunMs = charged
    .map(({ answeredAt, begunAt = now }) => earlier(answeredAt ?? begunAt, now).getTime())
    .sort((left, right) => left - right);
  return begunMs.at(-1 - closing);
}

/** From when `count` calls take nothing of what is reserved; at the latest when all that is spent has come back. */
export function unreservedAt(
  now: Date,
  charged: readonly Slot[],
  windows: readonly SlidingWindow[],
  count: number,
): Date {
  const { back, left } = hourOf(now, charged, windows) ?? UNKNOWN_HOUR;
  const missing = Math.ceil(count - left);
  return new Date(now.getTime() + (missing <= 0 ? 0 : (back[missing - 1] ?? back.at(-1) ?? 0)));
}

export function slower(left: Spacing, right: Spacing): Spacing {
  return {
    unreservedAt: later(left.unreservedAt, right.unreservedAt),
    unreserved: Math.min(left.unreserved, right.unreserved),
    nextAt: later(left.nextAt, right.nextAt),
    paceMs: Math.max(left.paceMs, right.paceMs),
    apartMs: Math.max(left.apartMs, right.apartMs),
    evenMs: Math.max(left.evenMs, right.evenMs),
    usedShare: Math.max(left.usedShare, right.usedShare),
  };
}

/** How many go together where so many invoices come in a ms and no more of them are sent one by one than sends last for. */
export function gathered({ evenMs, usedShare }: Spacing, perMs: number, sends: Spacing): number {
  const sentPerMs = sends.evenMs === 0 ? perMs : Math.min(perMs, 1 / sends.evenMs);
  const wanted = evenMs * sentPerMs + INVOICES_PER_SHARE * (usedShare - GATHERING_SHARE);
  const together = Math.round(wanted);
  return together > GATHERED_MAX ? A_BATCH : together;
}

/** From when `count` more calls, made then, leave as many as last until spent ones come back. */
export function lastsAt(
  now: Date,
  charged: readonly Slot[],
  windows: readonly SlidingWindow[],
  count: number,
): Date {
  const { back, left, calls } = hourOf(now, charged, windows) ?? UNKNOWN_HOUR;
  const slowestMs = (LASTING * HOUR_MS) / calls;
  const moments = back.map((inMs, index) => inMs - slowestMs * Math.max(0, left - count + index + 1));
  return new Date(now.getTime() + Math.max(0, ...moments));
}

interface Hour {
  /** In how many ms each spent place comes back, the first first. */
  readonly back: readonly number[];
  /** Places that are neither spent nor reserved. */
  readonly left: number;
  readonly calls: number;
}

const UNKNOWN_HOUR: Hour = { back: [], left: Number.POSITIVE_INFINITY, calls: Number.POSITIVE_INFINITY };

/** Null where no hour is counted, or where it has no calls at all: there nothing can be kept apart. */
function hourOf(now: Date, charged: readonly Slot[], windows: readonly SlidingWindow[]): Hour | null {
  const hour = windows.find(({ lengthMs }) => lengthMs === HOUR_MS);
  if (hour === undefined || hour.calls <= 0) return null;
  const calls = hour.calls - Math.floor(hour.calls * URGENT_SHARE);
  const back = charged
    .map(({ answeredAt }) => (answeredAt === null ? HOUR_MS : answeredAt.getTime() + HOUR_MS - now.getTime()))
    .filter((inMs) => inMs > 0)
    .sort((left, right) => left - right);
  return { back, left: calls - back.length, calls };
}

export function later(left: Date, right: Date): Date {
  return left > right ? left : right;
}

export function earlier(left: Date, right: Date): Date {
  return left < right ? left : right;
}

/** The smallest distance at which there is always a place: k places come back by the time that left + k were used. */
function evenPaceMs(back: readonly number[], left: number): number {
  return Math.max(...back.map((inMs, index) => inMs / Math.max(1, left + index + 1)));
}
