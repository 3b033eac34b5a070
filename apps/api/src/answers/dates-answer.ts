/** The dates of an invoice that cost money: its deadline, and the day KSeF takes it to have come on. */
import {
  type Deadline,
  deadlineOf,
  invoicingDateOf,
  ksefTime,
  type Outage,
  willBeMarkedOffline,
} from '@wsad/domain';
import type { InvoiceRecord } from '@wsad/ledger';
import type { z } from 'zod';
import type { invoiceDates } from '../schemas/invoice.ts';
import { instantOf } from './instant.ts';

/** What is known of time besides the invoice. */
export interface DatesKnown {
  readonly now: Date;
  readonly outages: readonly Outage[];
  /** KSeF's clock less ours. */
  readonly offsetMs: number;
}

export function datesAnswer(record: InvoiceRecord, known: DatesKnown): z.input<typeof invoiceDates> {
  const invoicingDate = invoicingDateBy(record, known.offsetMs);
  return {
    invoicingDate: instantOf(invoicingDate),
    markedOffline: markedOffline(record, invoicingDate, known),
    deadline: record.state === 'withdrawn' ? null : deadlineAnswer(record, invoicingDate, known),
  };
}

/** By KSeF's clock, since it is KSeF's day that counts. Null while it is not at KSeF. */
function invoicingDateBy(record: InvoiceRecord, offsetMs: number): Date | null {
  const { sessionKind: kind, sessionOpenedAt: openedAt, sentAt } = record;
  if (kind === null) return null;
  const at = invoicingDateOf({ kind, openedAt, sentAt });
  return at === null ? null : ksefTime(at, offsetMs);
}

/** For one that waits it is certain only once its issue day is over: then there is no way back. */
function markedOffline(
  { mode, issueDate }: InvoiceRecord,
  invoicingDate: Date | null,
  { now, offsetMs }: DatesKnown,
): boolean | null {
  if (mode === 'offline') return false;
  if (invoicingDate !== null) return willBeMarkedOffline(issueDate, invoicingDate);
  return willBeMarkedOffline(issueDate, ksefTime(now, offsetMs)) ? true : null;
}

function deadlineAnswer(
  record: InvoiceRecord,
  invoicingDate: Date | null,
  { now, outages, offsetMs }: DatesKnown,
) {
  const deadline: Deadline = deadlineOf(record, outages);
  const arrivedAt = record.state === 'cleared' ? (invoicingDate ?? record.acquiredAt) : invoicingDate;
  const passed = deadline.at !== null && (arrivedAt ?? ksefTime(now, offsetMs)) >= deadline.at;
  return { at: instantOf(deadline.at), rule: deadline.rule, passed };
}
