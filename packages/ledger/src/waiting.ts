/** What waits in a lane, counted by SQL and dated by KSeF's clock. */
import { dayBegins, type KsefDay, ksefDay, type Mode, type Waiting, type WaitingTrial } from '@wsad/domain';
import type { Db, Tx } from './db.ts';
import { kept } from './kept-plans.ts';
import { WAITING } from './stages.ts';
import { mayGo, WHICH } from './which.ts';

/** KSeF's clock less ours, as last measured; 0 until it has been. */
export async function clockOffset(reader: Db['pool'] | Tx): Promise<number> {
  const { rows } = await reader.query<{ offset: number }>(
    kept(`SELECT clock_offset_ms AS offset FROM connection JOIN settings
       ON coalesce(settings.environment, '') = connection.environment
     WHERE clock_offset_ms IS NOT NULL`),
  );
  return rows[0]?.offset ?? 0;
}

export interface DatedNow {
  readonly now: Date;
  readonly offsetMs: number;
  readonly day: KsefDay;
}

export async function datedNow(reader: Db['pool'] | Tx, now: Date): Promise<DatedNow> {
  const offsetMs = await clockOffset(reader);
  return { now, offsetMs, day: ksefDay(now, offsetMs) };
}

/** One row of `SELECT ${WAITING_COLUMNS} FROM invoices WHERE …`; $1 is our time, $2 KSeF's day, $3 the seller. */
export interface WaitingRow {
  readonly count: number;
  readonly attachments: number;
  readonly corrections: number;
  readonly urgent: number;
  readonly waitedMs: number;
  readonly firstDueAt: Date | null;
  readonly nextBeginsAt: Date | null;
  /** Issued today: they are to be at KSeF before midnight. */
  readonly todays: number;
  /** The first issue day that has begun by our clock, and not by KSeF's. */
  readonly nextDay: string | null;
}

/** In line: its time has come by our clock and its issue day by KSeF's, and attachments have the seller's consent. */
export const IN_LINE = `not_before <= $1 AND issue_date <= $2::date AND ${mayGo('$3', '$1')}`;

const IN_OPEN_LINE = `trial_id IS NULL AND ${IN_LINE}`;

export const WAITING_COLUMNS = `
  count(*) FILTER (WHERE ${IN_OPEN_LINE})::int AS count,
  count(*) FILTER (WHERE ${WHICH.attachments} AND ${IN_OPEN_LINE})::int AS attachments,
  count(*) FILTER (WHERE ${WHICH.corrections} AND ${IN_OPEN_LINE})::int AS corrections,
  count(*) FILTER (WHERE urgent AND ${IN_OPEN_LINE})::int AS urgent,
  coalesce(sum(extract(epoch FROM $1 - due_at)) FILTER (WHERE due_at < $1 AND ${IN_OPEN_LINE}) * 1000, 0)::float8 AS "waitedMs",
  min(due_at) FILTER (WHERE ${IN_OPEN_LINE}) AS "firstDueAt",
  min(not_before) FILTER (WHERE not_before > $1) AS "nextBeginsAt",
  count(*) FILTER (WHERE issue_date = $2::date AND not_before <= $1)::int AS todays,
  min(issue_date) FILTER (WHERE issue_date > $2::date AND not_before <= $1)::text AS "nextDay"`;

export interface TrialRow extends WaitingTrial {
  readonly form: string;
  readonly mode: Mode;
}

/** The seller's groups on trial that are in line, the longest due first. */
export async function readTrials(
  reader: Db['pool'] | Tx,
  nip: string,
  { now, day }: DatedNow,
): Promise<TrialRow[]> {
  const { rows } = await reader.query<TrialRow>(
    `SELECT trial_id AS id, form, mode, count(*)::int AS count,
       count(*) FILTER (WHERE ${WHICH.attachments})::int AS attachments,
       count(*) FILTER (WHERE ${WHICH.corrections})::int AS corrections, min(due_at) AS "dueAt"
     FROM invoices WHERE nip = $3 AND ${WAITING} AND trial_id IS NOT NULL AND ${IN_LINE}
     GROUP BY trial_id, form, mode ORDER BY "dueAt", trial_id`,
    [now, day.today, nip],
  );
  return rows;
}

export function waitingOf(
  row: WaitingRow,
  { form, mode }: { readonly form: string; readonly mode: Mode },
  { offsetMs, day }: DatedNow,
  trials: readonly TrialRow[],
): Waiting {
  const { count, attachments, corrections, urgent, waitedMs, firstDueAt } = row;
  const moments = row.nextBeginsAt === null ? [] : [row.nextBeginsAt.getTime()];
  if (row.nextDay !== null) moments.push(dayBegins(row.nextDay, offsetMs));
  return {
    ...{ count, attachments, corrections, urgent, waitedMs, firstDueAt },
    nextBeginsAt: moments.length === 0 ? null : new Date(Math.min(...moments)),
    leavesBy: mode === 'online' && row.todays > 0 ? day.leavesBy : null,
    trials: trials.filter((trial) => trial.form === form && trial.mode === mode),
  };
}
