import type { InvoicingMode } from '../sessions/model.ts';
import type { DocumentRef } from './documents.ts';
import type { FormCode } from './forms.ts';
import type { InvoiceFacts } from './invoice-facts.ts';

/** An invoice KSeF has accepted. */
export type RegisteredInvoice = {
  nip: string;
  kind: string;
  number: string;
  sha256: string;
  ksefNumber: string;
  session: string;
  mode: InvoicingMode;
  buyerNip: string | null;
  form: FormCode;
  /** `YYYY-MM-DD` */
  issueDate: string;
  invoicingDate: Date;
  acquisitionDate: Date;
  hasAttachment: boolean;
  document: DocumentRef;
};

/** Every accepted invoice, found by what makes it unique, by its number and by its hash. */
export type Registry = {
  duplicateOf(facts: InvoiceFacts): RegisteredInvoice | undefined;
  add(invoice: RegisteredInvoice): void;
  byKsefNumber(ksefNumber: string): RegisteredInvoice | undefined;
  byHash(sha256: string): RegisteredInvoice | undefined;
  all(): RegisteredInvoice[];
  size(): number;
};

export function createRegistry(registered: RegisteredInvoice[]): Registry {
  const byNumber = new Map<string, RegisteredInvoice>();
  const byKey = new Map<string, RegisteredInvoice>();
  const hashes = new Map<string, RegisteredInvoice>();

  function file(invoice: RegisteredInvoice): void {
    byNumber.set(invoice.ksefNumber, invoice);
    byKey.set(keyOf(invoice), invoice);
    hashes.set(invoice.sha256, invoice);
  }

  for (const invoice of registered) file(invoice);
  return {
    duplicateOf: (facts) => byKey.get(keyOf(facts)),
    add(invoice) {
      registered.push(invoice);
      file(invoice);
    },
    byKsefNumber: (ksefNumber) => byNumber.get(ksefNumber),
    byHash: (sha256) => hashes.get(sha256),
    all: () => [...registered],
    size: () => registered.length,
  };
}

/** Seller, kind and number make an invoice the same, over all of KSeF. */
function keyOf({ nip, kind, number }: { nip: string; kind: string; number: string }): string {
  return `${nip}|${kind}|${number}`;
}
