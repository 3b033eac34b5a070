import type { Receipt } from '@wsad/domain';
import { type Db, inTransaction, storable, type Tx } from './db.ts';
import { recordEvent } from './events.ts';

/** Keeps the pages of a session's UPO; a page that is here already stays as it is. */
export async function storeReceipts(
  tx: Tx,
  sessionId: string,
  receipts: readonly Receipt[],
  at: Date,
): Promise<void> {
  for (const receipt of receipts) {
    await tx.query(
      `INSERT INTO receipts (session_id, page, reference, xml, sha256, stored_at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT DO NOTHING`,
      [sessionId, receipt.page, receipt.reference, receipt.xml, receipt.sha256, at],
    );
  }
}

export interface ReceiptSource {
  readonly nip: string;
  readonly sessionReference: string;
  readonly ksefNumber: string;
  readonly credentialId: string | null;
  /** It is here already, or KSeF has refused it for good. */
  readonly stored: boolean;
}

/** Where a cleared invoice's own UPO is to be had; null where no session of ours is known to have registered it. */
export async function receiptSource(db: Db, invoiceId: string): Promise<ReceiptSource | null> {
  const { rows } = await db.pool.query<ReceiptSource>(
    `SELECT invoices.nip, coalesce(original_session_reference, sessions.reference) AS "sessionReference",
       ksef_number AS "ksefNumber", sessions.credential_id AS "credentialId",
       EXISTS (SELECT FROM invoice_receipts WHERE invoice_id = invoices.id) AS stored
     FROM invoices JOIN sessions ON sessions.id = invoices.session_id
     WHERE invoices.id = $1 AND invoices.state = 'cleared' AND sessions.reference IS NOT NULL`,
    [invoiceId],
  );
  return rows[0] ?? null;
}

/** KSeF will not give an invoice's own UPO, and says why; nobody needs to ask again. */
export async function refuseInvoiceReceipt(db: Db, invoiceId: string, why: string, at: Date): Promise<void> {
  await db.pool.query(
    `INSERT INTO invoice_receipts (invoice_id, refusal, stored_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    [invoiceId, storable(why), at],
  );
}

/** Keeps an invoice's own UPO; one that is here already stays as it is. */
export async function saveInvoiceReceipt(
  db: Db,
  invoiceId: string,
  xml: Buffer,
  sha256: string,
  at: Date,
): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    const { rowCount } = await tx.query(
      `INSERT INTO invoice_receipts (invoice_id, xml, sha256, stored_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT DO NOTHING`,
      [invoiceId, xml, sha256, at],
    );
    if (rowCount === 1) await recordEvent(tx, { at, type: 'receipt.stored', invoiceId });
  });
}
