/** Every status that KSeF gives an invoice, and what follows from it. docs/ksef-answers.md is compared with it. */
import type { HoldCause } from '../states.ts';

export type InvoiceVerdict =
  | { readonly kind: 'working' }
  | { readonly kind: 'cleared' }
  | { readonly kind: 'rejected' }
  | { readonly kind: 'duplicate' }
  /** Not this invoice's fault: the same bytes go again. */
  | { readonly kind: 'again' }
  | { readonly kind: 'held'; readonly cause: HoldCause };

export interface InvoiceAnswer {
  readonly meaning: string;
  readonly wsad: InvoiceVerdict;
  /** What the user sees of it. */
  readonly user: string;
}

const WORKING = 'The invoice is being processed at KSeF; after ten minutes in an ended session it is held.';
const REJECTED = 'The invoice is rejected with these words of KSeF: correct it and send the new one.';
const AGAIN = 'The invoice goes again by itself; after three attempts it is held with these words of KSeF.';

export const INVOICE_STATUSES: Readonly<Record<number, InvoiceAnswer>> = {
  100: { meaning: 'Taken in, and waiting to be processed.', wsad: { kind: 'working' }, user: WORKING },
  150: { meaning: 'Being processed.', wsad: { kind: 'working' }, user: WORKING },
  200: {
    meaning: 'Registered: the invoice has its KSeF number.',
    wsad: { kind: 'cleared' },
    user: 'The invoice is cleared and shows its KSeF number.',
  },
  405: { meaning: 'Not processed, since the session failed.', wsad: { kind: 'again' }, user: AGAIN },
  410: {
    meaning: 'The login may not send this invoice in this context.',
    wsad: { kind: 'held', cause: 'permission_missing' },
    user: 'The invoice is held: grant the permission at KSeF, then retry it.',
  },
  415: {
    meaning: 'The seller may not send invoices with attachments.',
    wsad: { kind: 'held', cause: 'attachment_consent' },
    user: 'The invoice is held until consent to attachments is given at e-Urząd Skarbowy.',
  },
  430: { meaning: 'The file is not one that KSeF takes.', wsad: { kind: 'rejected' }, user: REJECTED },
  435: { meaning: 'The file could not be decrypted.', wsad: { kind: 'again' }, user: AGAIN },
  440: {
    meaning: 'KSeF has an invoice of this seller, kind and number already.',
    wsad: { kind: 'duplicate' },
    user: 'Cleared with the first number where it is our own earlier sending; else rejected, or held where nobody can tell.',
  },
  450: { meaning: 'The content breaks the rules of the form.', wsad: { kind: 'rejected' }, user: REJECTED },
  500: { meaning: 'KSeF does not know what went wrong.', wsad: { kind: 'again' }, user: AGAIN },
  550: { meaning: 'Cancelled by KSeF itself: to be sent again.', wsad: { kind: 'again' }, user: AGAIN },
};

/** A status that is new to us: below 200 KSeF has not ended its work, so the invoice must not go a second time. */
export const UNKNOWN_INVOICE_STATUS: Readonly<Record<'below200' | 'other', InvoiceAnswer>> = {
  below200: {
    meaning: 'A status below 200 that wsad does not know.',
    wsad: { kind: 'working' },
    user: WORKING,
  },
  other: { meaning: 'A status from 200 on that wsad does not know.', wsad: { kind: 'again' }, user: AGAIN },
};

export function invoiceAnswer(code: number): InvoiceAnswer {
  return INVOICE_STATUSES[code] ?? UNKNOWN_INVOICE_STATUS[code < 200 ? 'below200' : 'other'];
}
