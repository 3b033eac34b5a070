import type { HoldCause, InvoiceState } from '@wsad/domain';
import type { Db } from '../db.ts';
import { isUuid } from '../ids.ts';

/** One line of a submission's result list, in the order of the call. */
export interface ReportRow {
  readonly position: number;
  readonly externalId: string | null;
  readonly fileName: string | null;
  readonly invoiceNumber: string | null;
  readonly sha256: string;
  /** Null where it was refused. */
  readonly invoiceId: string | null;
  readonly state: InvoiceState | 'refused';
  /** The same bytes had come before. */
  readonly repeated: boolean;
  readonly ksefNumber: string | null;
  readonly invoicingMode: string | null;
  readonly acquiredAt: Date | null;
  readonly sessionReference: string | null;
  readonly holdCause: HoldCause | null;
  readonly holdDetail: string | null;
  readonly verdictCode: number | null;
  readonly verdictDescription: string | null;
  readonly verdictDetails: readonly string[] | null;
  /** Why it was refused. */
  readonly errors: readonly { code: string; message: string; line: number | null }[];
  /** The invoice that has its number already, where it is the caller's to see. */
  readonly earlierInvoiceId: string | null;
}

const PAGE_ROWS = 1000;

/** Every line of the report, read in pages. Ask `submission` first whether the caller may see it. */
export async function* submissionReport(db: Db, submissionId: string): AsyncGenerator<ReportRow> {
  if (!isUuid(submissionId)) return;
  let after = -1;
  for (;;) {
    const { rows } = await db.pool.query<ReportRow>(REPORT_PAGE, [submissionId, after, PAGE_ROWS]);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_ROWS) return;
    after = last.position;
  }
}

const REPORT_PAGE = `
  (SELECT position, taken.external_id AS "externalId", taken.file_name AS "fileName", number AS "invoiceNumber", sha256,
     invoices.id AS "invoiceId", invoices.state, repeated, ksef_number AS "ksefNumber",
     invoicing_mode AS "invoicingMode", acquired_at AS "acquiredAt", sessions.reference AS "sessionReference",
     hold_cause AS "holdCause", hold_detail AS "holdDetail", invoices.verdict_code AS "verdictCode",
     invoices.verdict_description AS "verdictDescription", invoices.verdict_details AS "verdictDetails",
     '[]'::jsonb AS errors, NULL::uuid AS "earlierInvoiceId"
   FROM submission_invoices AS taken
   JOIN invoices ON invoices.id = taken.invoice_id
   LEFT JOIN sessions ON sessions.id = invoices.session_id
   WHERE taken.submission_id = $1 AND position > $2 ORDER BY position LIMIT $3)
  UNION ALL
  (SELECT position, external_id, file_name, invoice_number, sha256, NULL, 'refused', false, NULL, NULL, NULL, NULL, NULL,
     NULL, NULL, NULL, NULL, errors, earlier_invoice_id
   FROM submission_refusals WHERE submission_id = $1 AND position > $2 ORDER BY position LIMIT $3)
  ORDER BY position LIMIT $3`;
