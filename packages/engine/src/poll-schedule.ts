/**
 * How long to wait before each look at a session: dense up to the usual second, then ever wider up to a minute. So dense
 * that as many sessions as a minute takes in batches are seen to their second within the calls it takes.
 */
const DELAYS_MS = [
  100, 150, 200, 250, 300, 300, 500, 700, 1_000, 1_500, 2_000, 3_000, 5_000, 8_000, 12_000, 20_000, 30_000,
  60_000,
];

/** Delay before look number `polls` (from 0), in milliseconds. */
export function nextPollDelayMs(polls: number): number {
  return DELAYS_MS[Math.min(polls, DELAYS_MS.length - 1)] ?? 60_000;
}

/** What is left is taken to be a fifth at least: after the last verdict the UPO is made. */
const REST_MIN = 0.2;
/** Small sessions are judged within a few looks of the schedule: for them more would only cost calls. */
const SOONER_MS_MIN = 200;

/** How far KSeF says that it has come with a session, and what that took. */
export interface Progress {
  readonly workedMs: number;
  readonly judged: number;
  readonly total: number;
}

/**
 * Delay before look number `polls`, sooner than the schedule where by KSeF's own counts the end is nearer: what is left
 * should take its share of what the work took so far. Never later, for counts may come with the end alone.
 */
export function nextLookDelayMs(polls: number, { workedMs, judged, total }: Progress): number {
  const scheduledMs = nextPollDelayMs(polls);
  if (judged === 0 || total === 0) return scheduledMs;
  const done = Math.min(judged / total, 1);
  const restMs = (workedMs * Math.max(1 - done, REST_MIN)) / done;
  return Math.min(scheduledMs, Math.max(restMs, SOONER_MS_MIN));
}

const RECEIPT_LOOK_MS_MIN = 60_000;
const RECEIPT_LOOK_MS_MAX = 3_600_000;

/**
 * Delay before the next look for nothing but the UPO of a session that KSeF judged so long ago: each an eighth longer than
 * the last, from a minute up to an hour.
 */
export function nextReceiptLookMs(judgedForMs: number): number {
  return Math.min(Math.max(judgedForMs / 8, RECEIPT_LOOK_MS_MIN), RECEIPT_LOOK_MS_MAX);
}

/** What KSeF lets nobody see or close is asked after ever more seldom, up to this: somebody may have been granted it. */
export const SHUT_OUT_LOOK_MS = 3_600_000;
