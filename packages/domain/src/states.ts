/**
 * Every state that an invoice and a sending session can be in, and every transition that is allowed.
 * docs/states.md is compared with this file by a test; the ledger has one function per transition.
 */

export const INVOICE_STATES = [
  'accepted',
  'sending',
  'processing',
  'cleared',
  'rejected',
  'held',
  'withdrawn',
] as const;
export type InvoiceState = (typeof INVOICE_STATES)[number];

export const INVOICE_TRANSITIONS: Readonly<Record<InvoiceState, readonly InvoiceState[]>> = {
  // `cleared` straight away: a session that was given up turns out to have been worked on after all.
  accepted: ['sending', 'held', 'cleared'],
  sending: ['processing', 'accepted', 'held', 'cleared', 'rejected'],
  processing: ['cleared', 'rejected', 'held', 'accepted'],
  held: ['accepted', 'withdrawn', 'cleared', 'rejected'],
  cleared: [],
  rejected: [],
  withdrawn: [],
};

/** States that never change again. */
export const FINAL_INVOICE_STATES: readonly InvoiceState[] = INVOICE_STATES.filter(
  (state) => INVOICE_TRANSITIONS[state].length === 0,
);

/** States in which wsad has nothing more to do by itself: a submission is done when all its invoices are here. */
export const RESTING_INVOICE_STATES: readonly InvoiceState[] = [...FINAL_INVOICE_STATES, 'held'];

/** Why an invoice is held, and who or what lets it go on. */
export const HOLD_CAUSES = {
  no_credentials: 'The seller has no credentials yet. Put them and the invoice goes on by itself.',
  login_refused: 'KSeF refused the login. Replace the credentials and the invoice goes on by itself.',
  login_blocked: 'KSeF blocked this context. Clear it up with KSeF, then replace the credentials.',
  permission_missing:
    'The login may not send. Grant InvoiceWrite and log in again, or put credentials that have it, and the invoice goes on by itself; where KSeF said so of the invoice itself (410), retry.',
  attachment_consent:
    'Attachments need consent at e-Urząd Skarbowy first. Give it, and the invoice goes on by itself, or at once with retry.',
  duplicate_unknown:
    'KSeF calls this a duplicate, and it could not be told whether it is our own. Check the number KSeF named, then resolve.',
  session_failed:
    'KSeF refused this invoice, or failed its whole session, without judging its content. Look at the reason it gave, then retry or withdraw.',
  payload_damaged:
    'What is stored of this invoice is no longer what was taken in, so it was not sent. Hand the very same file in again in a new call (under a new Idempotency-Key), which mends it and sends it, or restore it from a backup and retry; or withdraw it.',
} as const;
export type HoldCause = keyof typeof HOLD_CAUSES;

/** What the person does about it: an act on the invoices themselves, or a cure by which they go on. */
export const HOLD_ACTIONS = {
  no_credentials: 'credentials',
  login_refused: 'credentials',
  login_blocked: 'credentials',
  permission_missing: 'permissions',
  attachment_consent: 'consent',
  duplicate_unknown: 'resolve',
  session_failed: 'retry',
  payload_damaged: 'retry',
} as const satisfies Readonly<Record<HoldCause, string>>;

/**
 * Holds that new credentials release by themselves. Of a missing permission only what was held before it left: KSeF's
 * verdict on an invoice (410) is about more than the login claims, and would only come again.
 */
export const HOLDS_CURED_BY_CREDENTIALS: readonly HoldCause[] = [
  'no_credentials',
  'login_refused',
  'login_blocked',
  'permission_missing',
];

export const SESSION_STATES = [
  'claimed',
  'opened',
  'closing',
  'closed',
  'settled',
  'failed',
  'abandoned',
] as const;
/**
 * claimed: has its invoices and key, KSeF knows nothing of it; opened: KSeF gave a reference; closing: close was or is
 * being called, so it may have worked; closed: KSeF works on it; settled: every invoice has its verdict;
 * failed: KSeF failed it as a whole; abandoned: given up before closing, its invoices go in another session.
 */
export type SessionState = (typeof SESSION_STATES)[number];

export const SESSION_TRANSITIONS: Readonly<Record<SessionState, readonly SessionState[]>> = {
  claimed: ['opened', 'abandoned'],
  opened: ['closing', 'abandoned', 'failed'],
  // Failed only by KSeF's own word that the parts of a batch never arrived.
  closing: ['closed', 'failed'],
  closed: ['settled', 'failed'],
  settled: [],
  failed: [],
  abandoned: ['settled'],
};

/** States in which a worker must act on the session; in `closed` the poller must. */
export const SENDER_SESSION_STATES: readonly SessionState[] = ['claimed', 'opened', 'closing'];

export const AUTHENTICATION_STATES = ['none', 'opening', 'active', 'expired', 'refused', 'blocked'] as const;
export type AuthenticationState = (typeof AUTHENTICATION_STATES)[number];

export function mayBecome(from: InvoiceState, to: InvoiceState): boolean {
  return INVOICE_TRANSITIONS[from].includes(to);
}

export function sessionMayBecome(from: SessionState, to: SessionState): boolean {
  return SESSION_TRANSITIONS[from].includes(to);
}
