import type { Db } from '../db.ts';
import type { EventType } from '../event-types.ts';
import { SYSTEM_ACTOR } from '../events.ts';
import { isUuid } from '../ids.ts';
import { kept } from '../kept-plans.ts';
import { type InvoiceRecord, type InvoiceRow, invoiceRecord, SELECT_INVOICE } from './invoice-columns.ts';
import { type VisibleSellers, visibleNips } from './visible.ts';

export interface TimelineEntry {
  readonly at: Date;
  readonly type: string;
  readonly actor: string;
  readonly sessionId: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

const ONE_INVOICE = kept(
  `${SELECT_INVOICE} WHERE invoices.id = $1 AND ($2::text[] IS NULL OR invoices.nip = ANY ($2))`,
);

/** Asked again and again by whoever waits for an invoice's end. */
export async function invoice(db: Db, id: string, sellers: VisibleSellers): Promise<InvoiceRecord | null> {
  if (!isUuid(id)) return null;
  const { rows } = await db.pool.query<InvoiceRow>(ONE_INVOICE, [id, visibleNips(sellers)]);
  const [row] = rows;
  return row === undefined ? null : invoiceRecord(row);
}

const TIMELINE = kept(
  `SELECT at, type, actor, session_id AS "sessionId", detail FROM (
     SELECT id, at, type, actor, session_id, detail FROM events WHERE invoice_id = $1
     UNION ALL
     SELECT events.id, events.at, events.type, events.actor, events.session_id, events.detail
     FROM session_members JOIN events USING (session_id)
     WHERE session_members.invoice_id = $1 AND events.invoice_id IS NULL
     UNION ALL
     SELECT id, at, type, actor, session_id, detail FROM events WHERE submission_id = $2 AND invoice_id IS NULL
   ) AS gathered ORDER BY at, id`,
);

/**
 * What happened to an invoice, oldest first: its own events, those of the sessions it was in and of the call that
 * brought it, and its end. Ask `invoice` first whether the caller may see it.
 */
export async function timeline(db: Db, record: InvoiceRecord): Promise<TimelineEntry[]> {
  const { rows } = await db.pool.query<TimelineEntry>(TIMELINE, [record.id, record.submissionId]);
  return [...rows, ...endOf(record, rows)];
}

const ENDED_BY_A_PERSON: readonly string[] = [
  'invoice.withdrawnBy',
  'invoice.resolved',
] satisfies EventType[];

/** Clearing 10,000 invoices is one event of their session: each one's own end is told by its record. */
function endOf(record: InvoiceRecord, before: readonly TimelineEntry[]): TimelineEntry[] {
  const { settledAt, state, sessionId, ksefNumber, verdict } = record;
  if (settledAt === null) return [];
  const detail = state === 'cleared' ? { ksefNumber } : { code: verdict?.code ?? null };
  const { actor } = before.findLast(({ type }) => ENDED_BY_A_PERSON.includes(type)) ?? {
    actor: SYSTEM_ACTOR,
  };
  return [{ at: settledAt, type: `invoice.${state}`, actor, sessionId, detail }];
}
