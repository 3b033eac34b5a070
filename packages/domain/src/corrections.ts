/**
 * Technical corrections: an offline invoice that KSeF refused goes again with the same content in good form, and
 * names the hash of the refused one. Source: KSeF documentation, "Korekta techniczna faktury offline".
 */

/** Why wsad does not take an invoice as a technical correction. docs/errors.md is compared with it by a test. */
export const CORRECTION_FAULTS = {
  CORRECTION_NOT_OFFLINE:
    'A technical correction is sent with offline=true, and corrects an invoice that was sent so. Any other invoice that KSeF refused is simply sent again.',
  CORRECTION_UNKNOWN:
    'There is no such invoice of this seller. Name one by its id, or by its SHA-256 where another system sent it.',
  CORRECTION_NOT_REJECTED:
    'Only an invoice that KSeF refused can be corrected technically. One that it took is corrected by a correcting invoice.',
  CORRECTION_OTHER_SELLER: 'The invoice to be corrected is of another seller (Podmiot1).',
  CORRECTION_UNCHANGED: 'These are the very bytes that KSeF refused: the correction must have others.',
  CORRECTION_TAKEN:
    'This invoice has another technical correction, which KSeF has taken or is yet to judge. KSeF takes one only.',
} as const satisfies Record<string, string>;
export type CorrectionFault = keyof typeof CORRECTION_FAULTS;

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const SHA256 = /^[A-Za-z0-9+/_-]{43}=?$/;

/** What a call may name an earlier invoice by: its id, or its SHA-256 in base64 or base64url; null for anything else. */
export function correctionReference(text: string): string | null {
  if (UUID.test(text)) return text.toLowerCase();
  return SHA256.test(text) ? Buffer.from(text, 'base64').toString('base64') : null;
}

export function isInvoiceId(reference: string): boolean {
  return UUID.test(reference);
}
