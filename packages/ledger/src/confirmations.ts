import type { InvoiceState } from '@wsad/domain';
import { type Db, inTransaction, storable, type Tx } from './db.ts';
import { recordEvent } from './events.ts';
import { isUuid } from './ids.ts';
import { type VisibleSellers, visibleNips } from './queries/visible.ts';

/** A refusal is believed so long: the permission may have been granted since. */
const REFUSAL_GOOD_MS = 3_600_000;

export interface ConfirmationSource {
  readonly nip: string;
  readonly ksefNumber: string;
}

/** A cleared invoice that is still to be fetched back from KSeF; null where there is nothing to ask. */
export async function confirmationSource(
  db: Db,
  invoiceId: string,
  now: Date,
): Promise<ConfirmationSource | null> {
  const { rows } = await db.pool.query<ConfirmationSource>(
    `SELECT nip, ksef_number AS "ksefNumber" FROM invoices
     WHERE id = $1 AND state = 'cleared' AND NOT EXISTS (
       SELECT FROM confirmations WHERE invoice_id = $1 AND (refusal IS NULL OR confirmed_at > $2)
     )`,
    [invoiceId, refusalsSince(now)],
  );
  return rows[0] ?? null;
}

/** What KSeF gave: the hash of its bytes, or its words on why it will not. */
export async function saveConfirmation(
  db: Db,
  invoiceId: string,
  given: { readonly sha256: string } | { readonly refusal: string },
  at: Date,
): Promise<void> {
  const sha256 = 'sha256' in given ? given.sha256 : null;
  const refusal = 'refusal' in given ? storable(given.refusal) : null;
  await inTransaction(db.pool, async (tx) => {
    await tx.query(
      `INSERT INTO confirmations (invoice_id, sha256, refusal, confirmed_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (invoice_id) DO UPDATE
         SET sha256 = excluded.sha256, refusal = excluded.refusal, confirmed_at = excluded.confirmed_at
         WHERE confirmations.refusal IS NOT NULL`,
      [invoiceId, sha256, refusal, at],
    );
    const type = refusal === null ? 'confirmation.stored' : 'confirmation.refused';
    await recordEvent(tx, { at, type, invoiceId, detail: refusal === null ? { sha256 } : { refusal } });
  });
}

/** Another login may get what the last one was refused, or could not even ask for. */
export async function forgetRefusedConfirmations(tx: Tx, nip: string): Promise<void> {
  await tx.query(
    `DELETE FROM confirmations USING invoices
     WHERE invoices.id = invoice_id AND invoices.nip = $1 AND refusal IS NOT NULL`,
    [nip],
  );
}

export type ConfirmationAnswer =
  | {
      readonly kind: 'ready';
      readonly confirmedAt: Date;
      /** The bytes that KSeF has are the bytes handed in. */
      readonly matches: boolean;
      readonly ksefNumber: string;
      readonly ownSha256: string;
      readonly ksefSha256: string;
    }
  | { readonly kind: 'pending' }
  | { readonly kind: 'refused'; readonly why: string }
  /** KSeF has not accepted it. */
  | { readonly kind: 'none'; readonly state: InvoiceState };

/** Null where there is no such invoice for the caller. */
export async function confirmation(
  db: Db,
  id: string,
  sellers: VisibleSellers,
  now: Date,
): Promise<ConfirmationAnswer | null> {
  if (!isUuid(id)) return null;
  const { rows } = await db.pool.query<ConfirmationRow>(
    `SELECT invoices.state, ksef_number AS "ksefNumber", invoices.sha256 AS "ownSha256",
       confirmations.sha256 AS "ksefSha256", refusal, confirmed_at AS "confirmedAt"
     FROM invoices LEFT JOIN confirmations ON invoice_id = invoices.id AND (refusal IS NULL OR confirmed_at > $3)
     WHERE invoices.id = $1 AND ($2::text[] IS NULL OR invoices.nip = ANY ($2))`,
    [id, visibleNips(sellers), refusalsSince(now)],
  );
  const [row] = rows;
  return row === undefined ? null : answerOf(row);
}

interface ConfirmationRow {
  state: InvoiceState;
  ksefNumber: string | null;
  ownSha256: string;
  ksefSha256: string | null;
  refusal: string | null;
  confirmedAt: Date | null;
}

function answerOf(row: ConfirmationRow): ConfirmationAnswer {
  const { state, ksefNumber, ownSha256, ksefSha256, refusal, confirmedAt } = row;
  if (ksefNumber === null) return { kind: 'none', state };
  if (refusal !== null) return { kind: 'refused', why: refusal };
  if (ksefSha256 === null || confirmedAt === null) return { kind: 'pending' };
  return { kind: 'ready', confirmedAt, matches: ownSha256 === ksefSha256, ksefNumber, ownSha256, ksefSha256 };
}

function refusalsSince(now: Date): Date {
  return new Date(now.getTime() - REFUSAL_GOOD_MS);
}
