import type { ContextIdentifier } from '../auth/caller.ts';
import type { DocumentRef } from '../processing/documents.ts';
import type { FormCode } from '../processing/forms.ts';

export type InvoicingMode = 'Online' | 'Offline';

export type BatchSessionCode = 100 | 150 | 200 | 405 | 415 | 420 | 430 | 435 | 440 | 445 | 500;
export type OnlineSessionCode = 100 | 170 | 200 | 415 | 440 | 445 | 500;
export type InvoiceCode = 100 | 150 | 200 | 405 | 410 | 415 | 430 | 435 | 440 | 450 | 500 | 550;

export type SessionStatus<Code extends number> = { code: Code; details?: string[] };

/** How a batch session ends whose parts did not come in time. */
export const uploadedTooLate: SessionStatus<440> = { code: 440, details: ['Przekroczono czas wysyłki'] };

/** What KSeF says of one invoice. */
export type Verdict = { code: InvoiceCode; details?: string[]; extensions?: Record<string, string> };

/** What a session keeps of an invoice; what is not known yet, or never will be, is null. */
export type InvoiceRecord = {
  ordinalNumber: number;
  referenceNumber: string;
  invoiceHash: string;
  fileName: string | null;
  invoiceNumber: string | null;
  ksefNumber: string | null;
  sellerNip: string | null;
  issueDate: string | null;
  invoicingDate: Date;
  acquisitionDate: Date | null;
  mode: InvoicingMode | null;
  verdict: Verdict;
  /** What was sent interactively, until it is judged. */
  waiting: SentInvoice | null;
};

/** An interactive invoice as it was declared and sent, still encrypted. */
export type SentInvoice = {
  encrypted: Buffer;
  size: number;
  hash: string;
  offlineMode: boolean;
  hashOfCorrected: string | null;
};

export type UpoPage = { referenceNumber: string; document: DocumentRef; hash: string };

export type SessionOwner = {
  context: ContextIdentifier;
  subject: string;
  tokenReference: string;
  documentHash: string;
};

type SessionBase<Code extends number> = {
  referenceNumber: string;
  owner: SessionOwner;
  form: FormCode;
  createdAt: Date;
  updatedAt: Date;
  closedAt: Date | null;
  status: SessionStatus<Code>;
  invoices: InvoiceRecord[];
  upoPages: UpoPage[];
};

export type DeclaredPart = { ordinalNumber: number; fileSize: number; fileHash: string };

/** A part as it lies in the emulator's folder, by its name in it. */
export type StoredPart = { file: string; size: number; hash: string };

export type BatchSession = SessionBase<BatchSessionCode> & {
  kind: 'Batch';
  offlineMode: boolean;
  archive: { fileSize: number; fileHash: string; compression: 'Zip' | 'TarGz' };
  encryption: Encryption;
  parts: DeclaredPart[];
  stored: Map<number, StoredPart>;
  uploadUntil: Date;
};

export type Encryption = {
  encryptedSymmetricKey: Buffer;
  initializationVector: Buffer;
  publicKeyId: string | null;
};

export type OnlineSession = SessionBase<OnlineSessionCode> & {
  kind: 'Online';
  key: { bytes: Buffer; initializationVector: Buffer } | null;
  validUntil: Date;
  /** Invoices received but not judged yet. */
  pending: number;
};

export type Session = BatchSession | OnlineSession;

export const SESSION_HOURS = 12;
export const UPLOAD_MINUTES_PER_PART = 20;

export function successCount(session: Session): number {
  return session.invoices.filter((invoice) => invoice.verdict.code === 200).length;
}

export function failureCount(session: Session): number {
  return session.invoices.filter((invoice) => invoice.verdict.code >= 400).length;
}

export function plusMinutes(moment: Date, minutes: number): Date {
  return new Date(moment.getTime() + minutes * 60_000);
}
