import { HOLD_CAUSES, INVOICE_WARNINGS, verificationUrl, warningsOf } from '@wsad/domain';
import type { InvoiceRecord, TimelineEntry } from '@wsad/ledger';
import type { z } from 'zod';
import type { invoice, invoiceSummary } from '../schemas/invoice.ts';
import { type DatesKnown, datesAnswer } from './dates-answer.ts';
import { instantOf } from './instant.ts';

export type InvoiceSummary = z.input<typeof invoiceSummary>;

export function invoiceSummaryAnswer(record: InvoiceRecord, qrHost: string): InvoiceSummary {
  const { id, submissionId, externalId, fileName, nip, issuerNip, invoiceNumber, issueDate } = record;
  const { buyerName, buyerNip, grossAmount, currency } = record;
  const { form, mode, sha256, sizeBytes, state, ksefNumber, invoicingMode, sessionId } = record;
  return {
    ...{ id, submissionId, externalId, fileName, nip, issuerNip, invoiceNumber, issueDate },
    ...{ buyerName, buyerNip, grossAmount, currency },
    ...{ form, mode, sha256, sizeBytes, state, ksefNumber, invoicingMode, sessionId },
    invoiceKind: record.kind,
    acceptedAt: record.acceptedAt.toISOString(),
    settledAt: instantOf(record.settledAt),
    acquiredAt: instantOf(record.acquiredAt),
    correctionOf: record.correctedSha256,
    sessionReference: record.sessionReference,
    verificationUrl: linkOf(record, qrHost),
    upoAvailable: record.upoAvailable,
    error: errorOf(record),
    held: heldOf(record),
  };
}

export interface InvoiceLinks {
  readonly qrHost: string;
  readonly certificateVerificationUrl: string | null;
}

export function invoiceAnswer(
  record: InvoiceRecord,
  timeline: readonly TimelineEntry[],
  links: InvoiceLinks,
  known: DatesKnown,
): z.input<typeof invoice> {
  const entries = timeline.map(({ at, type, actor, sessionId, detail }) => ({
    at: at.toISOString(),
    event: type,
    actor,
    sessionId,
    detail: { ...detail },
  }));
  const warnings = warningsOf(record).map((code) => ({ code, message: INVOICE_WARNINGS[code] }));
  const { qrHost, certificateVerificationUrl } = links;
  const summary = { ...invoiceSummaryAnswer(record, qrHost), certificateVerificationUrl };
  return { ...summary, ...datesAnswer(record, known), warnings, timeline: entries };
}

/** Also before KSeF has it: an invoice issued offline is handed to its buyer with the link. */
export function linkOf(
  { state, issuerNip, issueDate, sha256 }: InvoiceRecord,
  qrHost: string,
): string | null {
  if (state === 'rejected' || state === 'withdrawn') return null;
  return verificationUrl(qrHost, { issuerNip, issueDate, sha256 });
}

function errorOf({ state, verdict, holdCause, holdDetail }: InvoiceRecord): InvoiceSummary['error'] {
  if (state !== 'held' && state !== 'rejected') return null;
  if (verdict !== null) {
    const { code, description, details } = verdict;
    return { code, description, details: [...details] };
  }
  if (holdCause === null) return null;
  return {
    code: holdCause,
    description: HOLD_CAUSES[holdCause],
    details: holdDetail === null ? [] : [holdDetail],
  };
}

function heldOf({ holdCause, holdDetail }: InvoiceRecord): InvoiceSummary['held'] {
  return holdCause === null ? null : { cause: holdCause, advice: HOLD_CAUSES[holdCause], detail: holdDetail };
}
