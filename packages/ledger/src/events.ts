import type { Pool } from 'pg';
import { jsonText, type Tx } from './db.ts';
import type { EventType } from './event-types.ts';
import { kept } from './kept-plans.ts';

/** Who did what wsad does by itself. */
export const SYSTEM_ACTOR = 'wsad';

export interface LedgerEvent {
  readonly at: Date;
  readonly type: EventType;
  readonly actor?: string;
  readonly nip?: string;
  readonly invoiceId?: string;
  readonly sessionId?: string;
  readonly submissionId?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export async function recordEvent(db: Tx | Pool, event: LedgerEvent): Promise<void> {
  await db.query(
    kept(`INSERT INTO events (at, type, actor, nip, invoice_id, session_id, submission_id, detail)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`),
    [
      event.at,
      event.type,
      event.actor ?? SYSTEM_ACTOR,
      event.nip ?? null,
      event.invoiceId ?? null,
      event.sessionId ?? null,
      event.submissionId ?? null,
      jsonText(event.detail ?? {}),
    ],
  );
}

/** One row for each of the invoices: all say the same, but for what `detailOf` tells of each. */
export async function recordInvoicesEvent(
  tx: Tx,
  invoiceIds: readonly string[],
  event: Omit<LedgerEvent, 'invoiceId' | 'detail'>,
  detailOf: (invoiceId: string) => NonNullable<LedgerEvent['detail']> = () => ({}),
): Promise<void> {
  if (invoiceIds.length === 0) return;
  await tx.query(
    `INSERT INTO events (at, type, actor, nip, invoice_id, session_id, submission_id, detail)
     SELECT $1, $2, $3, $4, invoice_id, $5, $6, detail::jsonb FROM unnest($7::uuid[], $8::text[]) AS of (invoice_id, detail)`,
    [
      event.at,
      event.type,
      event.actor ?? SYSTEM_ACTOR,
      event.nip ?? null,
      event.sessionId ?? null,
      event.submissionId ?? null,
      invoiceIds,
      invoiceIds.map((id) => jsonText(detailOf(id))),
    ],
  );
}
