/** The deadlines of what waits, gathered by day and mode: never invoice by invoice. */
import {
  type Day,
  type Deadline,
  type DeadlineThreshold,
  deadlineOf,
  type Mode,
  type Outage,
  thresholdOf,
} from '@wsad/domain';
import { type Db, inTransaction, type Tx } from './db.ts';
import { recordEvent } from './events.ts';
import { outages } from './outages.ts';
import { UNFINISHED } from './stages.ts';

interface DayRow {
  readonly nip: string;
  readonly mode: Mode;
  readonly issueDate: Day;
  readonly invoices: number;
}

/** What KSeF has no day for yet: held, in line, or in a session that has not got so far. */
const WAITING = `
  SELECT nip, mode, issue_date::text AS "issueDate", count(*)::int AS invoices FROM invoices
  WHERE ${UNFINISHED} AND state IN ('accepted', 'sending', 'held') AND ($1::text[] IS NULL OR nip = ANY ($1))
    AND (state <> 'sending' OR NOT EXISTS (
      SELECT FROM sessions WHERE sessions.id = session_id AND sessions.kind = 'batch' AND opened_at IS NOT NULL
    ))
  GROUP BY nip, mode, issue_date`;

export interface DeadlineWarning {
  readonly nip: string;
  readonly threshold: DeadlineThreshold;
  readonly deadlineAt: Date;
  readonly invoices: number;
}

export interface SellerDeadlines {
  /** The first that has not passed; null where none is known. */
  readonly nextDeadlineAt: Date | null;
  /** Invoices whose deadline is less than four hours away. */
  readonly deadlinesNear: number;
  /** Invoices whose deadline has passed. */
  readonly deadlinesPassed: number;
}

export async function sellerDeadlines(db: Db, nip: string, now: Date): Promise<SellerDeadlines> {
  const waiting = await waitingDeadlines(db, [nip]);
  const ahead = waiting.flatMap(({ at }) => (at !== null && at > now ? [at.getTime()] : []));
  return {
    nextDeadlineAt: ahead.length === 0 ? null : new Date(Math.min(...ahead)),
    deadlinesNear: waitingUntil(waiting, ['4h', '1h'], now),
    deadlinesPassed: waitingUntil(waiting, ['passed'], now),
  };
}

/** Invoices whose deadline has come under one of the thresholds, and under no nearer one. */
export function waitingUntil(
  waiting: readonly (Deadline & { invoices: number })[],
  thresholds: readonly DeadlineThreshold[],
  now: Date,
): number {
  return waiting
    .filter((deadline) => {
      const threshold = thresholdOf(deadline, now);
      return threshold !== null && thresholds.includes(threshold);
    })
    .reduce((sum, { invoices }) => sum + invoices, 0);
}

export interface WaitingDeadline {
  readonly nip: string;
  readonly dueAt: Date;
  readonly invoices: number;
}

/** What is due first, those that have passed included. */
export async function firstDeadlines(
  db: Db,
  nips: readonly string[] | null,
  limit: number,
): Promise<WaitingDeadline[]> {
  const gathered = new Map<string, WaitingDeadline>();
  for (const { nip, at, invoices } of await waitingDeadlines(db, nips)) {
    if (at === null) continue;
    const key = `${nip} ${at.getTime()}`;
    gathered.set(key, { nip, dueAt: at, invoices: invoices + (gathered.get(key)?.invoices ?? 0) });
  }
  return [...gathered.values()]
    .sort((left, right) => left.dueAt.getTime() - right.dueAt.getTime())
    .slice(0, limit);
}

/** Warnings that nobody has given yet; they are given by whoever gets them here. */
export async function warnOfDeadlines(db: Db, now: Date): Promise<DeadlineWarning[]> {
  const found = gathered(await waitingDeadlines(db, null), now);
  if (found.length === 0) return [];
  return inTransaction(db.pool, async (tx) => {
    const told = await tellOnce(tx, found, now);
    for (const { nip, threshold, deadlineAt, invoices } of told) {
      const detail = { threshold, deadlineAt: deadlineAt.toISOString(), invoices };
      await recordEvent(tx, { at: now, type: 'deadline.near', nip, detail });
    }
    return told;
  });
}

export async function waitingDeadlines(
  db: Db,
  nips: readonly string[] | null,
): Promise<(Deadline & { nip: string; invoices: number })[]> {
  const { rows } = await db.pool.query<DayRow>(WAITING, [nips]);
  const known: Outage[] = rows.length === 0 ? [] : await outages(db);
  return rows.map((row) => ({ nip: row.nip, invoices: row.invoices, ...deadlineOf(row, known) }));
}

/** One warning for each seller and deadline, whatever days and modes come together in it. */
function gathered(
  waiting: readonly (Deadline & { nip: string; invoices: number })[],
  now: Date,
): DeadlineWarning[] {
  const warnings = new Map<string, DeadlineWarning>();
  for (const deadline of waiting) {
    const threshold = thresholdOf(deadline, now);
    if (threshold === null || deadline.at === null) continue;
    const key = `${deadline.nip} ${deadline.at.getTime()}`;
    const invoices = deadline.invoices + (warnings.get(key)?.invoices ?? 0);
    warnings.set(key, { nip: deadline.nip, threshold, deadlineAt: deadline.at, invoices });
  }
  return [...warnings.values()];
}

async function tellOnce(tx: Tx, warnings: readonly DeadlineWarning[], now: Date): Promise<DeadlineWarning[]> {
  const { rows } = await tx.query<DeadlineWarning>(
    `INSERT INTO deadline_warnings (nip, deadline_at, threshold, invoices, told_at)
     SELECT nip, deadline_at, threshold, invoices, $5
     FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::int[]) AS warning (nip, deadline_at, threshold, invoices)
     ON CONFLICT DO NOTHING
     RETURNING nip, deadline_at AS "deadlineAt", threshold, invoices`,
    [
      warnings.map(({ nip }) => nip),
      warnings.map(({ deadlineAt }) => deadlineAt),
      warnings.map(({ threshold }) => threshold),
      warnings.map(({ invoices }) => invoices),
      now,
    ],
  );
  return rows;
}
