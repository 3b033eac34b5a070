import type { SessionDetail, SessionRecord } from '@wsad/ledger';
import type { z } from 'zod';
import type { session, sessionSummary } from '../schemas/session.ts';
import { instantOf } from './instant.ts';

const SHUT_OUT =
  'KSeF lets no login of this seller see what became of this session. Grant Introspection, or InvoiceWrite to whoever opened it, and log in again, or put credentials that have it: the session goes on by itself.';

export type SessionSummary = z.input<typeof sessionSummary>;

export function sessionSummaryAnswer(record: SessionRecord): SessionSummary {
  const { id, nip, kind, form, mode, state, reference, cleared, rejected, held, again } = record;
  const { plainBytes, packageBytes, compression } = record;
  return {
    ...{ id, nip, kind, form, mode, state, reference },
    counts: { invoices: record.invoiceCount, cleared, rejected, held, again },
    parts: record.parts,
    ...{ plainBytes, packageBytes, compression },
    timings: {
      claimedAt: record.claimedAt.toISOString(),
      openedAt: instantOf(record.openedAt),
      closingAt: instantOf(record.closingAt),
      closedAt: instantOf(record.closedAt),
      endedAt: instantOf(record.endedAt),
    },
    trial: record.trial,
    error: errorOf(record),
  };
}

export function sessionAnswer(record: SessionDetail): z.input<typeof session> {
  return {
    ...sessionSummaryAnswer(record),
    partList: record.partList.map((part) => ({ ...part, uploadedAt: instantOf(part.uploadedAt) })),
    receipts: record.receipts.map((receipt) => ({ ...receipt })),
    events: record.events.map(({ at, type, actor, detail }) => ({
      at: at.toISOString(),
      event: type,
      actor,
      detail: { ...detail },
    })),
  };
}

function errorOf({ verdict, abandonedWhy, shutOut }: SessionRecord): SessionSummary['error'] {
  if (verdict !== null)
    return { code: verdict.code, description: verdict.description, details: [...verdict.details] };
  if (shutOut !== null) return { code: null, description: SHUT_OUT, details: [shutOut] };
  return abandonedWhy === null ? null : { code: null, description: abandonedWhy, details: [] };
}
