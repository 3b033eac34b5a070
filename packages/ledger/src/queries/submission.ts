import {
  type InvoiceState,
  type Mode,
  RESTING_INVOICE_STATES,
  type SessionKind,
  type SessionState,
} from '@wsad/domain';
import type { Db } from '../db.ts';
import { isUuid } from '../ids.ts';
import { type VisibleSellers, visibleNips } from './visible.ts';

export interface SubmissionRecord {
  readonly id: string;
  readonly nip: string;
  readonly mode: Mode;
  readonly createdAt: Date;
  /** Invoices accepted or here already; refused ones are not counted. */
  readonly total: number;
  readonly refused: number;
  readonly byState: Partial<Record<InvoiceState, number>>;
  /** wsad has nothing more to do by itself for any of them. */
  readonly done: boolean;
  readonly sessions: readonly SubmissionSession[];
}

export interface SubmissionSession {
  readonly id: string;
  readonly kind: SessionKind;
  readonly state: SessionState;
  readonly reference: string | null;
  /** How many invoices of this submission are in it. */
  readonly invoices: number;
}

export async function submission(
  db: Db,
  id: string,
  sellers: VisibleSellers,
): Promise<SubmissionRecord | null> {
  if (!isUuid(id)) return null;
  const { rows } = await db.pool.query<Omit<SubmissionRecord, 'byState' | 'done' | 'sessions'>>(
    `SELECT id, nip, mode, created_at AS "createdAt", total, refused FROM submissions
     WHERE id = $1 AND ($2::text[] IS NULL OR nip = ANY ($2))`,
    [id, visibleNips(sellers)],
  );
  const [found] = rows;
  if (found === undefined) return null;
  const groups = await stateGroups(db, id);
  return {
    ...found,
    byState: countStates(groups),
    done: groups.every((group) => RESTING_INVOICE_STATES.includes(group.state)),
    sessions: await sessionsOf(db, groups),
  };
}

interface StateGroup {
  state: InvoiceState;
  session_id: string | null;
  invoices: number;
}

async function stateGroups(db: Db, submissionId: string): Promise<StateGroup[]> {
  const { rows } = await db.pool.query<StateGroup>(
    `SELECT state, session_id, count(*)::int AS invoices
     FROM submission_invoices JOIN invoices ON invoices.id = invoice_id
     WHERE submission_invoices.submission_id = $1 GROUP BY state, session_id`,
    [submissionId],
  );
  return rows;
}

function countStates(groups: readonly StateGroup[]): Partial<Record<InvoiceState, number>> {
  const counts: Partial<Record<InvoiceState, number>> = {};
  for (const { state, invoices } of groups) counts[state] = (counts[state] ?? 0) + invoices;
  return counts;
}

async function sessionsOf(db: Db, groups: readonly StateGroup[]): Promise<SubmissionSession[]> {
  const counts = new Map<string, number>();
  for (const { session_id, invoices } of groups) {
    if (session_id !== null) counts.set(session_id, (counts.get(session_id) ?? 0) + invoices);
  }
  if (counts.size === 0) return [];
  const { rows } = await db.pool.query<Omit<SubmissionSession, 'invoices'>>(
    'SELECT id, kind, state, reference FROM sessions WHERE id = ANY ($1::uuid[]) ORDER BY id',
    [[...counts.keys()]],
  );
  return rows.map((row) => ({ ...row, invoices: counts.get(row.id) ?? 0 }));
}
