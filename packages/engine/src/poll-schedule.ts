/**
 * When to look at a session next. A steady rhythm, dense up to the usual second and then ever wider up to a minute, goes
 * by the time since closing alone. Around the moment at which sessions of this size were judged of late, or as long as
 * nobody knows, looks come closer, so that little time lies between the verdict and the look that sees it.
 */
import type { LooksLeft } from '@wsad/domain';
import { type JudgingTime, usualFromMs, usualUntilMs } from './judging-time.ts';

const DELAYS_MS = [
  100, 150, 200, 250, 300, 400, 600, 800, 1_000, 1_500, 2_000, 3_000, 5_000, 8_000, 12_000, 20_000, 30_000,
  60_000,
];
const DELAY_MS_MAX = 60_000;

/** Delay before look number `polls` (from 0) of the steady rhythm, in milliseconds. */
export function nextPollDelayMs(polls: number): number {
  return DELAYS_MS[Math.min(polls, DELAYS_MS.length - 1)] ?? DELAY_MS_MAX;
}

/** No look follows another sooner. */
const APART_MS_MIN = 100;

/** Delay from `sinceMs` to the next moment of the steady rhythm. */
export function steadyLookDelayMs(sinceMs: number): number {
  let moment = 0;
  for (const delayMs of DELAYS_MS) {
    moment += delayMs;
    if (sinceMs <= 0 || moment >= sinceMs + APART_MS_MIN) return moment - Math.max(sinceMs, 0);
  }
  return DELAY_MS_MAX;
}

/** How far KSeF says that it has come with a session, and what that took. */
export interface Progress {
  readonly workedMs: number;
  readonly judged: number;
  readonly total: number;
}

/** `spare`: the seller's calls allow for more than the steady rhythm. */
export interface Knowledge extends LooksLeft {
  /** What sessions of this size took of late; null where nobody knows. */
  readonly usual: JudgingTime | null;
}

/** Close looks lie a twelfth of the time apart that has been waited for. */
const CLOSE_SHARE = 1 / 12;
/** As long as nobody knows how long it takes, looks are close. */
const UNKNOWN_MS_MAX = 2_000;
/** Looks before the usual time are left out where it is this soon: a KSeF that has become quicker is noticed by then. */
const LEFT_OUT_MS_MAX = 2_000;

/**
 * The look that finds most verdicts is not put off while each session has it and another left. With one for each it would
 * be the last: the calls of the hour were used up, and whatever is judged later was not seen before the window has moved on.
 */
const USUAL_LOOKS_MIN = 2;

/** Delay before the next look at a session on which KSeF is at work; before the first, nothing is known of its progress. */
export function nextLookDelayMs(knowledge: Knowledge, progress: Progress): number {
  const delayMs = Math.max(wishedDelayMs(knowledge, progress), spreadMs(knowledge, progress));
  if (knowledge.forEach < USUAL_LOOKS_MIN) return delayMs;
  return Math.min(delayMs, lastUsualMs(knowledge.usual, progress.workedMs) ?? delayMs);
}

/** Looks reach so far: until then what was used of KSeF's longest window is free again. */
const SPREAD_UP_TO_MS = 3_600_000;
/** Where hardly any calls are left a session is looked at seldom, so that some are left for all. */
const SPREAD_MS_MAX = 480_000;
const SPREAD_FACTOR_MIN = 1.5;
/** Whoever has so many left can keep to the steady rhythm until then. */
const STEADY_LOOKS =
  DELAYS_MS.length + (SPREAD_UP_TO_MS - DELAYS_MS.reduce((sum, ms) => sum + ms)) / DELAY_MS_MAX;

/**
 * While an hour's calls run short: each look that many times later after closing than the one before that those which are
 * left for the session reach the end of the window. Without this the first sessions would use them all up, and the
 * verdicts on the rest were not seen before the window has moved on.
 */
function spreadMs({ forEach }: Knowledge, { workedMs }: Progress): number {
  if (forEach >= STEADY_LOOKS) return 0;
  const fromMs = Math.max(workedMs, APART_MS_MIN);
  const factor = Math.max(SPREAD_UP_TO_MS / fromMs, SPREAD_FACTOR_MIN) ** (1 / forEach);
  return Math.min(fromMs * (factor - 1), SPREAD_MS_MAX);
}

function wishedDelayMs({ usual, spare }: Knowledge, progress: Progress): number {
  const { workedMs } = progress;
  const steadyMs = steadyLookDelayMs(workedMs);
  const tillUsualMs = usual === null ? 0 : usualFromMs(usual) - workedMs;
  if (tillUsualMs > 0)
    return workedMs + tillUsualMs <= LEFT_OUT_MS_MAX ? tillUsualMs : Math.min(steadyMs, tillUsualMs);
  const close = spare && workedMs < (usual === null ? UNKNOWN_MS_MAX : usualUntilMs(usual));
  const closeMs = Math.max(APART_MS_MIN, workedMs * CLOSE_SHARE);
  return Math.min(
    steadyMs,
    close ? closeMs : steadyMs,
    lastUsualMs(usual, workedMs) ?? steadyMs,
    Math.max(restMs(progress), spare ? REST_MS_MIN.spare : REST_MS_MIN.scarce),
  );
}

/** Until hardly any verdict comes later: however scarce calls are, one look is worth it before the rhythm goes on. */
function lastUsualMs(usual: JudgingTime | null, workedMs: number): number | null {
  if (usual === null || workedMs >= usualUntilMs(usual)) return null;
  return Math.max(APART_MS_MIN, usualUntilMs(usual) - workedMs);
}

/** What is left is taken to be a fifth at least: after the last verdict the UPO is made. */
const REST_MIN = 0.2;
/** Where calls are scarce small sessions, which are judged within a few looks of the rhythm, get no more of them. */
const REST_MS_MIN = { spare: 50, scarce: 200 };

/** By KSeF's own counts what is left should take its share of what the work took so far; they may come with the end alone. */
function restMs({ workedMs, judged, total }: Progress): number {
  if (judged === 0 || total === 0) return DELAY_MS_MAX;
  const done = Math.min(judged / total, 1);
  return (workedMs * Math.max(1 - done, REST_MIN)) / done;
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
