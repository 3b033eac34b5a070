export { type CheckerOptions, createInvoiceChecker, type InvoiceChecker } from './checker.ts';
export { INVOICE_FAULTS } from './faults.ts';
export { INVOICE_BYTES_MAX, INVOICE_WITH_ATTACHMENT_BYTES_MAX } from './rules/bytes.ts';
export type { CheckedInvoice, CheckRules, Fault, FaultCode, Form, InvoiceFacts } from './types.ts';
