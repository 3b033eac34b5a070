import type { InvoiceState } from '@wsad/domain';
import { type Db, isCorruption } from '../db.ts';
import { isUuid } from '../ids.ts';
import { type VisibleSellers, visibleNips } from './visible.ts';

export interface StoredDocument {
  readonly nip: string;
  readonly invoiceNumber: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly fileName: string | null;
  /** The original bytes, raw deflate; null where they are gone or cannot be read. */
  readonly deflated: Buffer | null;
}

/** The invoice's own bytes; null where there is no such invoice for the caller. */
export async function payload(db: Db, id: string, sellers: VisibleSellers): Promise<StoredDocument | null> {
  if (!isUuid(id)) return null;
  try {
    return await readDocument(db, id, sellers, { bytes: true });
  } catch (error) {
    if (!isCorruption(error)) throw error;
    return await readDocument(db, id, sellers, { bytes: false });
  }
}

async function readDocument(
  db: Db,
  id: string,
  sellers: VisibleSellers,
  { bytes }: { readonly bytes: boolean },
): Promise<StoredDocument | null> {
  const { rows } = await db.pool.query<StoredDocument>(
    `SELECT nip, number AS "invoiceNumber", sha256, size_bytes AS "sizeBytes", file_name AS "fileName", deflated
     FROM invoices LEFT JOIN payloads ON ${bytes} AND payloads.invoice_id = invoices.id
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
  /** It may come: the invoice is under way, or its own UPO has not been fetched yet. */
  | { readonly kind: 'pending'; readonly state: InvoiceState }
  /**
   * It will not come by itself: KSeF has not accepted the invoice, or (`cleared`) it is not in a receipt that we hold,
   * so that only its own UPO can be had, if any.
   */
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
  const { state, xml, sha256, reference, fetchable } = row;
  if (xml !== null && sha256 !== null) return { kind: 'ready', xml, sha256, reference };
  const coming = ['accepted', 'sending', 'processing', 'held'].includes(state) || fetchable;
  return { kind: coming ? 'pending' : 'none', state };
}

interface UpoRow {
  state: InvoiceState;
  fetchable: boolean;
  xml: Buffer | null;
  sha256: string | null;
  reference: string | null;
}

const SESSION_UPO = `
  SELECT invoices.state, coalesce(sessions.receipts_due, false) AS fetchable, receipts.xml, receipts.sha256, receipts.reference
  FROM invoices LEFT JOIN receipts ON receipts.session_id = receipt_session_id AND page = receipt_page
  LEFT JOIN sessions ON sessions.id = invoices.session_id
  WHERE invoices.id = $1 AND ($2::text[] IS NULL OR invoices.nip = ANY ($2))`;

const INVOICE_UPO = `
  SELECT invoices.state,
    invoices.state = 'cleared' AND sessions.reference IS NOT NULL AND refusal IS NULL AS fetchable,
    invoice_receipts.xml, invoice_receipts.sha256, NULL AS reference
  FROM invoices
  LEFT JOIN sessions ON sessions.id = invoices.session_id
  LEFT JOIN invoice_receipts ON invoice_id = invoices.id
  WHERE invoices.id = $1 AND ($2::text[] IS NULL OR invoices.nip = ANY ($2))`;
