import type { InvoiceState, SessionState } from '@wsad/domain';
import type { Db } from '../db.ts';
import { UNFINISHED } from '../stages.ts';
import { readTallies, type Tally } from '../tallies.ts';

export interface LedgerMetrics {
  /** Only of states that are not final: what is under way now. */
  readonly openInvoices: Partial<Record<InvoiceState, number>>;
  readonly openSessions: Partial<Record<SessionState, number>>;
  /** When the invoice that has been due longest became due; null where none is. */
  readonly oldestDueAt: Date | null;
  readonly totals: Readonly<Record<Tally, number>>;
}

export async function metrics(db: Db, now: Date): Promise<LedgerMetrics> {
  const invoices = await db.pool.query<{ state: InvoiceState; count: number; oldest: Date | null }>(
    `SELECT state, count(*)::int AS count, min(due_at) FILTER (WHERE not_before <= $1 AND due_at <= $1) AS oldest
     FROM invoices WHERE ${UNFINISHED} GROUP BY state`,
    [now],
  );
  const sessions = await db.pool.query<{ state: SessionState; count: number }>(
    `SELECT state, count(*)::int AS count FROM sessions WHERE state IN ('claimed', 'opened', 'closing') GROUP BY state
     UNION ALL
     SELECT state, count(*)::int FROM sessions
     WHERE state IN ('closed', 'abandoned') AND next_poll_at IS NOT NULL GROUP BY state`,
  );
  return {
    openInvoices: Object.fromEntries(invoices.rows.map((row) => [row.state, row.count])),
    openSessions: Object.fromEntries(sessions.rows.map((row) => [row.state, row.count])),
    oldestDueAt: invoices.rows.find((row) => row.state === 'accepted')?.oldest ?? null,
    totals: await readTallies(db.pool),
  };
}
