export { type InvoiceKind, invoiceKinds } from './kinds.ts';
export { makeInvoice, type SampleInvoice } from './make-invoice.ts';
export { makeRrInvoice, type SampleRrInvoice } from './make-rr-invoice.ts';
export { makeKsefNumber, makeNip } from './nip.ts';
export { type Random, seededRandom } from './random.ts';
