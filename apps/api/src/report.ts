import { HOLD_CAUSES } from '@wsad/domain';
import type { ReportRow } from '@wsad/ledger';
import { type CsvValue, csvLine } from './csv.ts';

const COLUMNS: Readonly<Record<string, (row: ReportRow) => CsvValue>> = {
  position: (row) => row.position + 1,
  invoiceId: (row) => row.invoiceId,
  externalId: (row) => row.externalId,
  fileName: (row) => row.fileName,
  invoiceNumber: (row) => row.invoiceNumber,
  sha256: (row) => row.sha256,
  state: (row) => row.state,
  repeated: (row) => String(row.repeated),
  ksefNumber: (row) => row.ksefNumber,
  invoicingMode: (row) => row.invoicingMode,
  acquiredAt: (row) => row.acquiredAt,
  sessionReference: (row) => row.sessionReference,
  errorCode: (row) =>
    reasons(row)
      .map(({ code }) => code)
      .join('; '),
  errorDescription: (row) =>
    reasons(row)
      .map(({ text }) => text)
      .join('; '),
  errorLine: (row) => row.errors.map(({ line }) => line ?? '').join('; '),
  earlierInvoiceId: (row) => row.earlierInvoiceId,
};

export const REPORT_COLUMNS = Object.keys(COLUMNS);

/** The result list of a submission, line by line. */
export async function* reportLines(rows: AsyncIterable<ReportRow>): AsyncGenerator<string> {
  for await (const cells of reportRows(rows)) yield csvLine(cells);
}

/** The same as cells, the heading first. */
export async function* reportRows(rows: AsyncIterable<ReportRow>): AsyncGenerator<readonly CsvValue[]> {
  yield REPORT_COLUMNS;
  for await (const row of rows) yield Object.values(COLUMNS).map((column) => column(row));
}

function reasons(row: ReportRow): { code: string; text: string }[] {
  const refusals = row.errors.map(({ code, message }) => ({ code, text: message }));
  if (row.state !== 'held' && row.state !== 'rejected') return refusals;
  const verdict = row.verdictCode === null ? [] : [{ code: String(row.verdictCode), text: verdictText(row) }];
  const hold =
    row.holdCause === null
      ? []
      : [{ code: row.holdCause, text: row.holdDetail ?? HOLD_CAUSES[row.holdCause] }];
  return [...refusals, ...verdict, ...hold];
}

function verdictText({ verdictDescription, verdictDetails }: ReportRow): string {
  return [verdictDescription ?? '', ...(verdictDetails ?? [])].filter((text) => text !== '').join(': ');
}
