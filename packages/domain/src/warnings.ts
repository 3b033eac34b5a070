/** What is worth knowing of an invoice that is in no trouble. docs/errors.md is compared with it by a test. */
export const INVOICE_WARNINGS = {
  MARKED_OFFLINE:
    'It was sent as online, and KSeF registered it as offline because it came after its issue date: whatever its buyer gets of it outside of KSeF must carry both QR codes.',
} as const satisfies Record<string, string>;
export type InvoiceWarning = keyof typeof INVOICE_WARNINGS;

export function warningsOf(invoice: { mode: string; invoicingMode: string | null }): InvoiceWarning[] {
  return invoice.mode === 'online' && invoice.invoicingMode === 'Offline' ? ['MARKED_OFFLINE'] : [];
}
