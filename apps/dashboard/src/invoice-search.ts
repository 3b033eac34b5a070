/** What the list of invoices is narrowed by, as it stands in the page's address. */

import { INVOICE_STATES } from '@wsad/client';

export type InvoiceState = (typeof INVOICE_STATES)[number];

export interface InvoiceSearch {
  readonly nip?: string;
  readonly state?: InvoiceState;
  readonly invoiceNumber?: string;
  readonly ksefNumber?: string;
  readonly buyer?: string;
  readonly from?: string;
  readonly to?: string;
  readonly submissionId?: string;
}

const TEXTS = ['nip', 'invoiceNumber', 'ksefNumber', 'buyer', 'from', 'to', 'submissionId'] as const;

/** An address that somebody typed may hold anything: what is not understood is left out. */
export function invoiceSearch(raw: Readonly<Record<string, unknown>>): InvoiceSearch {
  const texts = TEXTS.flatMap((name) => {
    const value = String(raw[name] ?? '').trim();
    return value === '' ? [] : [[name, value] as const];
  });
  const state = INVOICE_STATES.find((known) => known === raw.state);
  return { ...Object.fromEntries(texts), ...(state === undefined ? {} : { state }) };
}
