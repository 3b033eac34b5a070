/** What KSeF tells of a sending session: its status, the verdicts on its invoices, and the entries of its UPO. */
import type { KsefVerdict } from './records.ts';

export interface SessionStatus {
  readonly code: number;
  readonly description: string;
  readonly details: readonly string[];
  readonly invoiceCount: number | null;
  readonly successfulInvoiceCount: number | null;
  readonly failedInvoiceCount: number | null;
  readonly upoPages: readonly { readonly reference: string; readonly downloadUrl: string }[];
}

export interface SessionInvoice {
  readonly ordinal: number;
  /** Null where KSeF does not name it. */
  readonly sha256: string | null;
  readonly fileName: string | null;
  readonly reference: string;
  readonly ksefNumber: string | null;
  readonly invoicingMode: string | null;
  readonly acquiredAt: Date | null;
  readonly verdict: KsefVerdict;
}

export interface UpoEntry {
  readonly ksefNumber: string;
  readonly sha256: string;
  readonly invoiceNumber: string;
  readonly acquiredAt: Date | null;
  readonly invoicingMode: string | null;
}
