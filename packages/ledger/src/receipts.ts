import type { Receipt } from '@wsad/domain';
import { type Db, inTransaction, type Tx } from './db.ts';
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

export interface InvoiceReceiptRequest {
  readonly invoiceId: string;
  readonly nip: string;
  readonly credentialId: string;
  readonly sessionReference: string;
  readonly ksefNumber: string;
}

/** What is needed to fetch a cleared invoice's own UPO; null where it is here already or cannot be had. */
export async function invoiceReceiptToFetch(
  db: Db,
  invoiceId: string,
): Promise<InvoiceReceiptRequest | null> {
  const { rows } = await db.pool.query<InvoiceReceiptRequest>(
    `SELECT invoices.id AS "invoiceId", invoices.nip, sessions.credential_id AS "credentialId",
       sessions.reference AS "sessionReference", ksef_number AS "ksefNumber"
     FROM invoices JOIN sessions ON sessions.id = invoices.receipt_session_id
     WHERE invoices.id = $1 AND invoices.state = 'cleared'
       AND NOT EXISTS (SELECT FROM invoice_receipts WHERE invoice_id = invoices.id)`,
    [invoiceId],
  );
  return rows[0] ?? null;
}

export async function storeInvoiceReceipt(
  db: Db,
  invoiceId: string,
  receipt: { readonly xml: Buffer; readonly sha256: string },
  at: Date,
): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    const { rowCount } = await tx.query(
      `INSERT INTO invoice_receipts (invoice_id, xml, sha256, stored_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT DO NOTHING`,
      [invoiceId, receipt.xml, receipt.sha256, at],
    );
    if (rowCount === 1) await recordEvent(tx, { at, type: 'receipt.stored', invoiceId });
  });
}
