/**
 * One bad apple: what becomes of invoices whose session KSeF failed as a whole. They go again among themselves, as a
 * trial: once whole, then as halves, until the guilty are alone. docs/states.md says it in words.
 */
import { INTERACTIVE_INVOICES_MAX } from './dispatch-plan.ts';
import { SESSION_STATUSES } from './ksef-answers/sessions.ts';

const UNKNOWN_ERROR = 500;
/** An invoice that is alone is held after so many failed sessions in a row. */
const FAILURES_ALONE = 3;
/** As many where nothing shows whether the invoice or KSeF is at fault. */
const UNPROVEN_ALONE = 5;
/** As long as that is open, a group is halved until so many failures have made 16 of it, or it is small. */
const UNPROVEN_SPLIT = 5;
/**
 * Then, and from the first halves on while KSeF fails everybody, only at these failures: about 7, 17 and 37 hours. Two
 * failures with guilty ones in all their parts would else wait for each other.
 */
const SPLITS_IN_DOUBT = [10, 20, 40];
/** After so many (about two days) it is no longer put down to KSeF: nothing may wait for ever. */
const DOUBT_ENDS = 48;
const PAUSE_MS = 5_000;
const PAUSE_GROWTH = 12;
const PAUSE_MS_MAX = 3_600_000;

/**
 * What other sessions show since these invoices were last sent or failed. `works`: KSeF judged one of the seller.
 * `troubled`: it judged none of anybody, and failed others as well. `unknown`: anything between.
 */
export type KsefStanding = 'works' | 'unknown' | 'troubled';

export interface TrialStanding {
  /** Sessions in a row that KSeF failed with these invoices. */
  readonly failures: number;
  /** Of these, since KSeF was last seen to judge a session of the seller. */
  readonly unproven: number;
}

export interface SessionFailure {
  /** Invoices of the session that have no verdict of their own. */
  readonly count: number;
  /** As they stood before; null where they were no trial yet. */
  readonly before: TrialStanding | null;
  /** KSeF's status of the session. */
  readonly code: number;
  readonly ksef: KsefStanding;
}

export interface TrialVerdict extends TrialStanding {
  readonly fate:
    | { readonly kind: 'held' }
    /** Sizes of the groups that go again, in the order of their invoices. */
    | { readonly kind: 'again'; readonly groups: readonly number[]; readonly afterMs: number };
}

export function judgeFailure({ count, before, code, ksef: shown }: SessionFailure): TrialVerdict {
  const failures = (before?.failures ?? 0) + 1;
  const unproven = shown === 'works' ? 0 : (before?.unproven ?? 0) + 1;
  const ksef = shown === 'troubled' && unproven >= DOUBT_ENDS ? 'unknown' : shown;
  const proven = ksef === 'works' || (ksef === 'unknown' && saysWhy(code));
  const standing = { failures, unproven };
  const suspects = { count, ksef, proven, ...standing };
  if (isGuilty(suspects)) return { ...standing, fate: { kind: 'held' } };
  const afterMs = proven ? PAUSE_MS : pauseMs(unproven);
  const groups = isSplit(suspects) ? halves(count) : [count];
  return { ...standing, fate: { kind: 'again', groups, afterMs } };
}

/** Status 500, and one that nobody knows, may be KSeF's own trouble; every other speaks of this session. */
function saysWhy(code: number): boolean {
  return code !== UNKNOWN_ERROR && Object.hasOwn(SESSION_STATUSES, code);
}

interface Suspects extends TrialStanding {
  readonly count: number;
  readonly ksef: KsefStanding;
  /** That the failure follows the invoices. */
  readonly proven: boolean;
}

function isGuilty({ count, ksef, proven, failures, unproven }: Suspects): boolean {
  if (count > 1 || ksef === 'troubled' || failures < FAILURES_ALONE) return false;
  return proven || unproven >= UNPROVEN_ALONE;
}

/** The first halves are always made: that one of them passes is what shows that the failure follows an invoice. */
function isSplit({ count, ksef, proven, failures, unproven }: Suspects): boolean {
  if (count === 1 || failures < 2) return false;
  if (failures === 2 || proven || unproven >= DOUBT_ENDS || SPLITS_IN_DOUBT.includes(unproven)) return true;
  return ksef === 'unknown' && (unproven <= UNPROVEN_SPLIT || count <= INTERACTIVE_INVOICES_MAX);
}

function halves(count: number): number[] {
  const first = Math.ceil(count / 2);
  return [first, count - first];
}

/** 5 s, a minute, twelve, then an hour each. */
function pauseMs(unproven: number): number {
  return Math.min(PAUSE_MS_MAX, PAUSE_MS * PAUSE_GROWTH ** (unproven - 1));
}
