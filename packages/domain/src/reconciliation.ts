/**
 * A ledger that was put back from a backup, or begun anew, does not know everything that KSeF got. What a session that
 * KSeF lists has to do with that, and what was found in it.
 */
import type { SessionKind } from './dispatch-plan.ts';
import { judgeSession } from './ksef-statuses.ts';

/** A sending session as KSeF lists it. */
export interface ListedSession {
  readonly reference: string;
  readonly kind: SessionKind;
  readonly openedAt: Date;
  /** Of its last activity: an invoice sent, or another status. */
  readonly updatedAt: Date;
  readonly statusCode: number;
  readonly invoiceCount: number;
  readonly successfulInvoiceCount: number;
  readonly failedInvoiceCount: number;
}

/** Sessions of one kind opened in a time, the newest first; where there are more, the older ones are still to be listed. */
export interface SessionList {
  readonly sessions: readonly ListedSession[];
  readonly complete: boolean;
}

/** An invoice that KSeF has registered, found in a session that the ledger does not know. */
export interface Registration {
  readonly sha256: string;
  readonly ksefNumber: string;
  readonly invoicingMode: string | null;
  readonly acquiredAt: Date | null;
  /** The page of the session's UPO that names it; null where KSeF's list does. */
  readonly receiptPage: number | null;
}

/** A session is looked for this far beyond the moments on either side: clocks differ, and calls take time. */
export const RECONCILIATION_MARGIN_MS = 600_000;

/** `nothing`: it registered no invoice; `wait`: it still may; `read`: whatever it registered is there to be read. */
export type FoundVerdict = 'nothing' | 'wait' | 'read';

/** A batch holds nothing before it is closed; an interactive session may hold invoices while it is open. */
export function judgeFound(
  session: Omit<ListedSession, 'reference' | 'openedAt' | 'updatedAt'>,
): FoundVerdict {
  const { kind, statusCode, invoiceCount, successfulInvoiceCount, failedInvoiceCount } = session;
  switch (judgeSession(statusCode)) {
    case 'working':
      return 'wait';
    case 'open':
      if (kind === 'batch' || invoiceCount === 0) return 'nothing';
      return successfulInvoiceCount + failedInvoiceCount < invoiceCount ? 'wait' : 'read';
    default:
      return successfulInvoiceCount === 0 ? 'nothing' : 'read';
  }
}
