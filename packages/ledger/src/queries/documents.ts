import type { InvoiceState } from '@wsad/domain';
import type { Db } from '../db.ts';
import { isUuid } from '../ids.ts';
import { type VisibleSellers, visibleNips } from './visible.ts';

export interface StoredDocument {
  readonly nip: string;
  readonly invoiceNumber: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly fileName: string | null;
  /** The original bytes, raw deflate. */
  readonly deflated: Buffer;
}

/** The invoice's own bytes; null where there is no such invoice for the caller. */
export async function payload(db: Db, id: string, sellers: VisibleSellers): Promise<StoredDocument | null> {
  if (!isUuid(id)) return null;
  const { rows } = await db.pool.query<StoredDocument>(
    `SELECT nip, number AS "invoiceNumber", sha256, size_bytes AS "sizeBytes", file_name AS "fileName", deflated
     FROM invoices JOIN payloads ON payloads.invoice_id = invoices.id
     WHERE invoices.id = $1 AND ($2::text[] IS NULL OR nip = ANY ($2))`,
    [id, visibleNips(sellers)],
  );
  return rows[0] ?? null;
}

export type UpoAnswer =
  | {
      readonly kind: 'ready';
      readonly xml: Buffer;
      readonly sha256: string;
      readonly reference: string | null;
    }
  /** It will be there later: KSeF has not made it, or it has not been fetched yet. */
  | { readonly kind: 'pending'; readonly state: InvoiceState }
  /** KSeF has not accepted this invoice, or a person said so for it: there is no UPO. */
  | { readonly kind: 'none'; readonly state: InvoiceState };

/** The receipt of the session that cleared the invoice, or with `invoice` its own; null where the caller sees none. */
export async function upo(
  db: Db,
  id: string,
  sellers: VisibleSellers,
  scope: 'session' | 'invoice',
): Promise<UpoAnswer | null> {
  if (!isUuid(id)) return null;
  const { rows } = await db.pool.query<UpoRow>(scope === 'session' ? SESSION_UPO : INVOICE_UPO, [
    id,
    visibleNips(sellers),
  ]);
  const [row] = rows;
  if (row === undefined) return null;
  const { state, xml, sha256, reference, receipt_session_id } = row;
  if (xml !== null && sha256 !== null) return { kind: 'ready', xml, sha256, reference };
  const coming = ['accepted', 'sending', 'processing'].includes(state) || receipt_session_id !== null;
  return { kind: coming ? 'pending' : 'none', state };
}

interface UpoRow {
  state: InvoiceState;
  receipt_session_id: string | null;
  xml: Buffer | null;
  sha256: string | null;
  reference: string | null;
}

const SESSION_UPO = `
  SELECT state, receipt_session_id, receipts.xml, receipts.sha256, receipts.reference
  FROM invoices LEFT JOIN receipts
    ON receipts.session_id = invoices.receipt_session_id AND page = coalesce(receipt_page, page)
  WHERE invoices.id = $1 AND ($2::text[] IS NULL OR nip = ANY ($2)) ORDER BY page LIMIT 1`;

const INVOICE_UPO = `
  SELECT state, receipt_session_id, invoice_receipts.xml, invoice_receipts.sha256, NULL AS reference
  FROM invoices LEFT JOIN invoice_receipts ON invoice_id = invoices.id
  WHERE invoices.id = $1 AND ($2::text[] IS NULL OR nip = ANY ($2))`;
