import type { FormCode, HoldCause, InvoiceState, KsefVerdict, Mode, SessionKind } from '@wsad/domain';

/** An invoice as its owner may see it. */
export interface InvoiceRecord {
  readonly id: string;
  readonly nip: string;
  readonly issuerNip: string;
  readonly form: FormCode;
  readonly kind: string;
  readonly invoiceNumber: string;
  readonly issueDate: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly mode: Mode;
  readonly hasAttachment: boolean;
  readonly buyerName: string | null;
  readonly buyerNip: string | null;
  readonly currency: string | null;
  readonly grossAmount: string | null;
  readonly externalId: string | null;
  readonly fileName: string | null;
  readonly submissionId: string;
  readonly state: InvoiceState;
  readonly holdCause: HoldCause | null;
  readonly holdDetail: string | null;
  readonly heldAt: Date | null;
  readonly attempts: number;
  /** A technical correction: SHA-256 of the invoice that it replaces. */
  readonly correctedSha256: string | null;
  /** It waits in line until its issue day has begun in Warsaw. */
  readonly notBefore: Date;
  readonly dueAt: Date;
  readonly sessionId: string | null;
  readonly sessionReference: string | null;
  /** KSeF's last word on it that was not an acceptance. */
  readonly verdict: KsefVerdict | null;
  readonly ksefNumber: string | null;
  readonly invoicingMode: string | null;
  readonly acquiredAt: Date | null;
  /** The receipt of its session is here. */
  readonly upoAvailable: boolean;
  readonly acceptedAt: Date;
  readonly settledAt: Date | null;
  readonly sessionKind: SessionKind | null;
  readonly sessionOpenedAt: Date | null;
  /** When it was sent in an interactive session. */
  readonly sentAt: Date | null;
}

export type InvoiceRow = Omit<InvoiceRecord, 'verdict'> & {
  readonly verdict_code: number | null;
  readonly verdict_description: string | null;
  readonly verdict_details: readonly string[] | null;
  readonly original_ksef_number: string | null;
  readonly original_session_reference: string | null;
};

/** OFFSET 0 keeps PostgreSQL from looking through all members of the session for each of its invoices, as it would in a new ledger. */
export const SELECT_INVOICE = `
  SELECT invoices.id, invoices.nip, issuer_nip AS "issuerNip", invoices.form, invoices.kind, number AS "invoiceNumber",
    issue_date::text AS "issueDate", invoices.sha256, size_bytes AS "sizeBytes", invoices.mode, has_attachment AS "hasAttachment",
    buyer_name AS "buyerName", buyer_nip AS "buyerNip", currency, gross_amount AS "grossAmount",
    external_id AS "externalId", file_name AS "fileName", submission_id AS "submissionId", invoices.state,
    hold_cause AS "holdCause", hold_detail AS "holdDetail", held_at AS "heldAt", attempts, corrected_sha256 AS "correctedSha256", not_before AS "notBefore",
    due_at AS "dueAt", invoices.session_id AS "sessionId", sessions.reference AS "sessionReference",
    invoices.verdict_code, invoices.verdict_description, invoices.verdict_details,
    original_ksef_number, original_session_reference,
    ksef_number AS "ksefNumber", invoicing_mode AS "invoicingMode", acquired_at AS "acquiredAt",
    receipts.page IS NOT NULL AS "upoAvailable",
    accepted_at AS "acceptedAt", settled_at AS "settledAt",
    sessions.kind AS "sessionKind", sessions.opened_at AS "sessionOpenedAt", (
      SELECT sent_at FROM (
        SELECT session_id, sent_at FROM session_members WHERE invoice_id = invoices.id OFFSET 0
      ) AS member WHERE member.session_id = invoices.session_id
    ) AS "sentAt"
  FROM invoices LEFT JOIN sessions ON sessions.id = invoices.session_id
    LEFT JOIN receipts ON receipts.session_id = receipt_session_id AND page = receipt_page`;

export function invoiceRecord(row: InvoiceRow): InvoiceRecord {
  const {
    verdict_code: code,
    verdict_description: description,
    verdict_details: details,
    original_ksef_number: originalKsefNumber,
    original_session_reference: originalSessionReference,
    ...rest
  } = row;
  if (code === null) return { ...rest, verdict: null };
  const verdict = {
    code,
    description: description ?? '',
    details: details ?? [],
    originalKsefNumber: originalKsefNumber ?? undefined,
    originalSessionReference: originalSessionReference ?? undefined,
  };
  return { ...rest, verdict };
}
