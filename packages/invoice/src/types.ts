import type { FormCode, InvoiceFacts, KsefEnvironment } from '@wsad/domain';

export type { InvoiceFacts };

/** KSeF's `systemCode` of an invoice form. */
export type Form = FormCode;

/** What one call of the check is measured against. */
export interface CheckRules {
  readonly environment: KsefEnvironment;
  /** The forms this environment takes. */
  readonly forms: readonly Form[];
  /** Whether check digits of NIPs are verified: production only. */
  readonly nipChecksum: boolean;
  /** The seller the invoices were handed in for. */
  readonly sellerNip: string;
  /** True lets the party that issues the invoice be another NIP than `sellerNip`. */
  readonly onBehalf: boolean;
  /** The day of now in Warsaw, `YYYY-MM-DD`. */
  readonly today: string;
  /** How many days after `today` an issue date may lie: such an invoice waits for its day. */
  readonly daysAheadMax: number;
}

/** One reason why an invoice is refused. */
export interface Fault {
  /** A key of INVOICE_FAULTS. */
  readonly code: FaultCode;
  /** One or two sentences for a bookkeeper, with the values concerned. */
  readonly message: string;
  /** Counted from 1; null where a line makes no sense or cannot be known. */
  readonly line: number | null;
  /** The rule broken, shortly: the part of the XSD or of KSeF's documentation. */
  readonly rule?: string;
}

export interface CheckedInvoice {
  /** SHA-256 of the original bytes, base64. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Raw deflate of the original bytes, for storage; empty when the invoice is refused. */
  readonly deflated: Uint8Array;
  /** Of the original bytes, for those who unpack them. */
  readonly crc32: number;
  /** Null where the XML does not say enough: then there is a fault as well. */
  readonly facts: InvoiceFacts | null;
  /** Empty means: nothing is wrong. */
  readonly faults: readonly Fault[];
}

export type FaultCode =
  | 'EMPTY_FILE'
  | 'FILE_TOO_LARGE'
  | 'NOT_UTF8'
  | 'BYTE_ORDER_MARK'
  | 'DECLARED_ENCODING'
  | 'XML_VERSION'
  | 'DOCTYPE'
  | 'NOT_WELL_FORMED'
  | 'PROCESSING_INSTRUCTION'
  | 'DISCOURAGED_CHARACTER'
  | 'FORM_UNKNOWN'
  | 'FORM_NOT_ALLOWED'
  | 'FORM_PEPPOL'
  | 'ELEMENT_UNEXPECTED'
  | 'ELEMENT_MISSING'
  | 'VALUE_INVALID'
  | 'ATTRIBUTE_INVALID'
  | 'CONTENT_INVALID'
  | 'MORE_SCHEMA_FAULTS'
  | 'ISSUE_DATE_TOO_FAR'
  | 'SELLER_NIP_MALFORMED'
  | 'SELLER_MISMATCH'
  | 'NIP_CHECKSUM'
  | 'CHECK_FAILED';
