/** Every event that the ledger writes down: the catalogue behind docs/audit.md. */

/** Who an event is put down to: whoever called, wsad itself, or either. */
export type EventActor = 'caller' | 'wsad' | 'either';

export interface EventKind {
  readonly when: string;
  readonly actor: EventActor;
  /** The keys that its detail may have. */
  readonly detail: readonly string[];
}

export const EVENT_TYPES = {
  'submission.accepted': {
    when: 'Invoices were taken in by a call: each is accepted, or held at once for the cause named.',
    actor: 'caller',
    detail: ['accepted', 'held', 'existing', 'refused', 'cause', 'requestId', 'traceId'],
  },
  'session.claimed': {
    when: 'Invoices were put into a new session: they are sending.',
    actor: 'wsad',
    detail: ['kind', 'invoices', 'plainBytes', 'trial'],
  },
  'session.takenOver': {
    when: 'A sender was no longer heard of, and another took its session; the fence keeps the first one out.',
    actor: 'wsad',
    detail: ['from', 'to', 'fence'],
  },
  'session.freed': {
    when: 'Its sender ended, or was found to be no more, before it was done: another may take it at once.',
    actor: 'wsad',
    detail: ['from', 'fence'],
  },
  'session.opened': {
    when: 'KSeF opened the session and gave its reference.',
    actor: 'wsad',
    detail: ['kind', 'reference', 'packageBytes', 'parts'],
  },
  'session.closing': {
    when: 'The session is about to be closed: from now on KSeF may hold it.',
    actor: 'wsad',
    detail: ['why'],
  },
  'session.closed': {
    when: 'KSeF took the closing: the invoices of the session are processing.',
    actor: 'wsad',
    detail: [],
  },
  'session.verdicts': {
    when: 'Verdicts were written down and the session goes on being followed, or had ended before.',
    actor: 'wsad',
    detail: ['cleared', 'rejected', 'held', 'again', 'markedOffline', 'from'],
  },
  'session.settled': {
    when: 'Every invoice of the session has its verdict, or KSeF holds nothing of one that was given up.',
    actor: 'wsad',
    detail: [
      'cleared',
      'rejected',
      'held',
      'again',
      'markedOffline',
      'from',
      'abandoned',
      'code',
      'description',
    ],
  },
  'session.failed': {
    when: 'KSeF failed the whole session: what had no verdict of its own goes again or is held.',
    actor: 'wsad',
    detail: [
      'code',
      'description',
      'details',
      'originalKsefNumber',
      'originalSessionReference',
      'again',
      'held',
    ],
  },
  'session.abandoned': {
    when: 'The session was given up, or KSeF would not open it: its invoices go back in line or are held.',
    actor: 'wsad',
    detail: [
      'why',
      'invoices',
      'code',
      'description',
      'details',
      'originalKsefNumber',
      'originalSessionReference',
      'again',
      'held',
    ],
  },
  'session.shutOut': {
    when: 'KSeF lets nobody see the session, in the words that it began with.',
    actor: 'wsad',
    detail: ['why'],
  },
  'session.unreadable': {
    when: 'KSeF lets nobody read a session of ours that this ledger did not know: the seller goes on without it.',
    actor: 'wsad',
    detail: ['reference', 'why'],
  },
  'session.foundAtKsef': {
    when: 'KSeF has a session of ours that this ledger did not know: it is one of its own from now on.',
    actor: 'wsad',
    detail: ['kind', 'reference'],
  },
  'invoice.held': {
    when: 'The invoice was held, for the cause named and in the words of KSeF where there are any.',
    actor: 'wsad',
    detail: ['cause', 'code', 'detail'],
  },
  'invoice.released': {
    when: 'What the invoice was held for is cured: it is back in line. The actor is who cured it.',
    actor: 'either',
    detail: ['cause', 'cure'],
  },
  'invoice.again': {
    when: 'The invoice is back in line after an attempt that failed; on trial, in a part of that session alone.',
    actor: 'wsad',
    detail: ['code', 'detail', 'trial', 'invoices', 'failures', 'firstSession'],
  },
  'invoice.foundAtKsef': {
    when: 'KSeF had the invoice registered in a session that this ledger did not know: it is cleared.',
    actor: 'wsad',
    detail: ['reference'],
  },
  'invoice.refused': {
    when: 'KSeF refused the invoice when it was handed over and took nothing in: it is rejected.',
    actor: 'wsad',
    detail: ['code', 'detail'],
  },
  'invoice.clearedLate': {
    when: 'A session that the invoice had left cleared it after all.',
    actor: 'wsad',
    detail: [],
  },
  'invoice.markedOffline': {
    when: 'It was sent as online and registered as offline.',
    actor: 'wsad',
    detail: [],
  },
  'invoice.retried': {
    when: 'A person sent a held invoice back in line.',
    actor: 'caller',
    detail: ['cause'],
  },
  'invoice.withdrawnBy': {
    when: 'A person took a held invoice out for good.',
    actor: 'caller',
    detail: ['cause'],
  },
  'invoice.resolved': {
    when: 'A person told what became of a doubtful duplicate: cleared by the number named, or rejected.',
    actor: 'caller',
    detail: ['ksefNumber', 'rejected'],
  },
  'receipt.stored': { when: "The invoice's own UPO was fetched from KSeF.", actor: 'wsad', detail: [] },
  'confirmation.stored': {
    when: 'The invoice was fetched back from KSeF by its number.',
    actor: 'wsad',
    detail: ['sha256'],
  },
  'confirmation.refused': {
    when: 'KSeF would not give the invoice back.',
    actor: 'wsad',
    detail: ['refusal'],
  },
  'credentials.put': {
    when: 'Credentials were set, or replaced those named.',
    actor: 'caller',
    detail: ['id', 'type', 'nip', 'sharedName', 'replaced'],
  },
  'credentials.bound': {
    when: 'A seller was bound to shared credentials, instead of its own where it had any.',
    actor: 'caller',
    detail: ['sharedName', 'replaced'],
  },
  'credentials.wiped': {
    when: 'No session needs the replaced credentials any more: their secret and their logins were wiped.',
    actor: 'wsad',
    detail: ['id', 'sharedName'],
  },
  'offline-certificate.put': {
    when: 'The certificate for KOD II was set or replaced.',
    actor: 'caller',
    detail: ['serial'],
  },
  'offline-certificate.deleted': {
    when: 'The certificate for KOD II was deleted.',
    actor: 'caller',
    detail: [],
  },
  'credentials.forgotten': {
    when: 'The key that sealed the credentials is lost: they are gone.',
    actor: 'caller',
    detail: ['sharedName'],
  },
  'vault.rotated': {
    when: 'Secrets were sealed anew with the present VAULT_KEY.',
    actor: 'caller',
    detail: ['resealed'],
  },
  'vault.forgotten': {
    when: 'Whatever was sealed with a lost VAULT_KEY was given up.',
    actor: 'caller',
    detail: ['credentials', 'offlineCertificates', 'sessions'],
  },
  'login.opened': {
    when: 'A login began to work.',
    actor: 'wsad',
    detail: ['method', 'credentialId'],
  },
  'login.refused': {
    when: 'KSeF refused the login: nobody tries again before somebody asks for it.',
    actor: 'wsad',
    detail: ['error'],
  },
  'login.blocked': {
    when: 'KSeF blocked the context: nobody tries again before somebody asks for it.',
    actor: 'wsad',
    detail: ['error'],
  },
  'login.asked': {
    when: 'A person asked for a new login, or retried an invoice that was held for want of one.',
    actor: 'caller',
    detail: ['invoiceId'],
  },
  'login.revocationAsked': {
    when: 'A person asked KSeF to end an authentication session.',
    actor: 'caller',
    detail: ['reference'],
  },
  'login.revoked': {
    when: 'KSeF ended the authentication session.',
    actor: 'wsad',
    detail: ['reference'],
  },
  'login.revocationRefused': {
    when: 'KSeF would not end the authentication session.',
    actor: 'wsad',
    detail: ['reference', 'refusal'],
  },
  'seller.paused': { when: 'Sending was stopped for one seller.', actor: 'caller', detail: [] },
  'seller.resumed': { when: 'Sending goes on for that seller.', actor: 'caller', detail: [] },
  'seller.behind': {
    when: 'A seller may lack what KSeF has of it: KSeF is asked before anything new is sent.',
    actor: 'caller',
    detail: ['since'],
  },
  'seller.reconciled': {
    when: 'KSeF was asked to the end what it has of the seller.',
    actor: 'wsad',
    detail: ['sessions', 'registrations', 'cleared'],
  },
  'seller.reconciliationSkipped': {
    when: 'A person decided to send without asking further.',
    actor: 'caller',
    detail: [],
  },
  'ledger.behind': {
    when: 'The ledger is older than what it has done: KSeF is asked about every seller.',
    actor: 'caller',
    detail: ['since'],
  },
  'system.paused': { when: 'Sending was stopped for all sellers.', actor: 'caller', detail: [] },
  'system.resumed': { when: 'Sending goes on for all sellers.', actor: 'caller', detail: [] },
  'availability.decided': {
    when: 'A person decided that KSeF was, by law, unavailable or failed, or when that ended.',
    actor: 'caller',
    detail: ['kind', 'startedAt', 'endedAt'],
  },
  'deadline.near': {
    when: 'A deadline of waiting invoices came near or passed, and that was told.',
    actor: 'wsad',
    detail: ['threshold', 'deadlineAt', 'invoices'],
  },
  'key.created': {
    when: 'An API key was made.',
    actor: 'caller',
    detail: ['id', 'name', 'role', 'sellers'],
  },
  'key.deleted': { when: 'An API key was deleted.', actor: 'caller', detail: ['id'] },
  'page.opened': { when: 'Somebody logged in on a page with that key.', actor: 'caller', detail: [] },
  'page.closed': { when: 'Somebody logged out of a page.', actor: 'caller', detail: [] },
  'webhook.created': {
    when: 'A webhook was made.',
    actor: 'caller',
    detail: ['id', 'events', 'sellers'],
  },
  'webhook.changed': {
    when: 'A webhook was changed, enabled or disabled.',
    actor: 'caller',
    detail: ['id', 'changed'],
  },
  'webhook.rotated': { when: 'A webhook got a new secret.', actor: 'caller', detail: ['id'] },
  'webhook.deleted': {
    when: 'A webhook was deleted, with what was still to be delivered.',
    actor: 'caller',
    detail: ['id'],
  },
  'webhook.disabled': {
    when: 'A webhook is not served any more: it took nothing for days, said that it is gone, or its secret is lost.',
    actor: 'wsad',
    detail: ['id', 'why'],
  },
} as const satisfies Readonly<Record<string, EventKind>>;

export type EventType = keyof typeof EVENT_TYPES;
