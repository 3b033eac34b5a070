/**
 * Until when an invoice must be in KSeF, and the day KSeF will take it to have come on. Sources: KSeF documentation,
 * "Tryby offline" and "Automatyczne określanie trybu wysyłki offline"; VAT act, art. 106nda, 106nf, 106nh. docs/dates.md
 * tells every rule. That KSeF is unavailable or has failed is decided by a person, never here.
 */
import { addDays, type Day, startOfWarsawDay, warsawDay } from './calendar.ts';
import type { Mode, SessionKind } from './dispatch-plan.ts';
import { workingDayAfter } from './working-days.ts';

export const OUTAGE_KINDS = ['unavailable', 'failure'] as const;
export type OutageKind = (typeof OUTAGE_KINDS)[number];

/** A time in which KSeF was not to be had, as the law sees it. */
export interface Outage {
  readonly kind: OutageKind;
  readonly startedAt: Date;
  /** Null while it lasts. */
  readonly endedAt: Date | null;
}

export const DEADLINE_RULES = {
  online: 'The issue day (P_1) itself: later KSeF marks it Offline.',
  offline24: 'The working day after the issue day (P_1).',
  unavailable: 'The working day after the end of KSeF being unavailable.',
  failure: "The seventh working day after the end of KSeF's failure.",
} as const;
export type DeadlineRule = keyof typeof DEADLINE_RULES;

export interface Deadline {
  /** The first moment that is too late: midnight in Warsaw. Null while the outage that moves it lasts. */
  readonly at: Date | null;
  readonly rule: DeadlineRule;
}

const WORKING_DAYS_AFTER: Readonly<Record<OutageKind, number>> = { unavailable: 1, failure: 7 };

export function deadlineOf(
  invoice: { readonly issueDate: Day; readonly mode: Mode },
  outages: readonly Outage[],
): Deadline {
  const inTime = outages
    .filter((outage) => outage.kind === 'failure' || touches(outage, invoice.issueDate))
    .sort((left, right) => left.startedAt.getTime() - right.startedAt.getTime());
  const issuedAt = startOfWarsawDay(invoice.issueDate);
  return inTime.reduce((known, outage) => movedBy(known, outage, issuedAt), ordinaryDeadline(invoice));
}

function ordinaryDeadline({ issueDate, mode }: { issueDate: Day; mode: Mode }): Deadline {
  return mode === 'online'
    ? { at: endOf(issueDate), rule: 'online' }
    : { at: endOf(workingDayAfter(issueDate, 1)), rule: 'offline24' };
}

/** An outage within the time allowed moves its end; one that was over before, or began after, changes nothing. */
function movedBy(known: Deadline, outage: Outage, issuedAt: Date): Deadline {
  if (known.at === null || outage.startedAt >= known.at) return known;
  if (outage.endedAt === null) return { at: null, rule: outage.kind };
  if (outage.endedAt < issuedAt) return known;
  const at = endOf(workingDayAfter(warsawDay(outage.endedAt), WORKING_DAYS_AFTER[outage.kind]));
  return at > known.at ? { at, rule: outage.kind } : known;
}

/** Whether the outage lasted at any moment of this day in Warsaw. */
function touches({ startedAt, endedAt }: Outage, day: Day): boolean {
  return startedAt < endOf(day) && (endedAt === null || endedAt >= startOfWarsawDay(day));
}

function endOf(day: Day): Date {
  return startOfWarsawDay(addDays(day, 1));
}

/** How far KSeF's clock is ahead of ours, in milliseconds; ours is behind where it is positive. */
export type ClockOffsetMs = number;

export function ksefTime(at: Date, offsetMs: ClockOffsetMs): Date {
  return new Date(at.getTime() + offsetMs);
}

/** What KSeF will take for `invoicingDate`: a batch comes when its session is opened, a single invoice when it is sent. */
export function invoicingDateOf(session: {
  readonly kind: SessionKind;
  readonly openedAt: Date | null;
  readonly sentAt: Date | null;
}): Date | null {
  return session.kind === 'batch' ? session.openedAt : session.sentAt;
}

/** KSeF marks an invoice Offline by itself where its issue day is over when it comes. */
export function willBeMarkedOffline(issueDate: Day, invoicingDate: Date): boolean {
  return issueDate < warsawDay(invoicingDate);
}

/** Told before a deadline passes, and when it has; the last one that applies is the one to tell. */
export const DEADLINE_THRESHOLDS = ['4h', '1h', 'passed'] as const;
export type DeadlineThreshold = (typeof DEADLINE_THRESHOLDS)[number];

const HOUR_MS = 3_600_000;
export const DEADLINE_NEAR_MS = 4 * HOUR_MS;

/** Null where it is far away or not known. */
export function thresholdOf({ at }: Deadline, now: Date): DeadlineThreshold | null {
  if (at === null) return null;
  const leftMs = at.getTime() - now.getTime();
  if (leftMs <= 0) return 'passed';
  if (leftMs <= HOUR_MS) return '1h';
  return leftMs <= DEADLINE_NEAR_MS ? '4h' : null;
}
