/** Every status that KSeF gives a sending session, and what follows from it. docs/ksef-answers.md is compared with it. */

/** `judged`: every invoice has its own verdict, even where all are refusals (445). */
export type SessionVerdict = 'open' | 'working' | 'judged' | 'failed';

export interface SessionAnswer {
  readonly meaning: string;
  readonly wsad: SessionVerdict;
  /** What the user sees of it. */
  readonly user: string;
}

const AGAIN =
  'The invoices go again by themselves, whole and then in halves, until those at fault are alone and held with these words of KSeF.';

export const SESSION_STATUSES: Readonly<Record<number, SessionAnswer>> = {
  100: {
    meaning: 'The session is open and not closed yet.',
    wsad: 'open',
    user: 'The invoices are on their way; wsad closes the session.',
  },
  150: {
    meaning: 'KSeF is working the batch off.',
    wsad: 'working',
    user: 'The invoices are being processed at KSeF.',
  },
  170: {
    meaning: 'The interactive session is closed and KSeF is working it off.',
    wsad: 'working',
    user: 'The invoices are being processed at KSeF.',
  },
  200: {
    meaning: 'Done: every invoice has its verdict.',
    wsad: 'judged',
    user: 'Each invoice shows its KSeF number, or why KSeF refused it.',
  },
  405: {
    meaning: 'A part of the batch has another size or hash than announced.',
    wsad: 'failed',
    user: AGAIN,
  },
  415: { meaning: "KSeF could not decrypt the session's key.", wsad: 'failed', user: AGAIN },
  420: { meaning: 'The session holds more invoices than KSeF takes.', wsad: 'failed', user: AGAIN },
  430: { meaning: 'The archive of the batch cannot be unpacked.', wsad: 'failed', user: AGAIN },
  435: { meaning: 'A part of the batch cannot be decrypted.', wsad: 'failed', user: AGAIN },
  440: {
    meaning: 'Cancelled: the time for sending ran out, or nothing was sent.',
    wsad: 'failed',
    user: AGAIN,
  },
  445: {
    meaning: 'Done, and no invoice in it was good: every one has its own verdict.',
    wsad: 'judged',
    user: 'Each invoice shows why KSeF refused it; a duplicate of our own earlier sending counts as accepted.',
  },
  500: { meaning: 'KSeF does not know what went wrong.', wsad: 'failed', user: AGAIN },
};

/** A status that is new to us: below 200 KSeF has not ended the session. */
export const UNKNOWN_SESSION_STATUS: Readonly<Record<'below200' | 'other', SessionAnswer>> = {
  below200: {
    meaning: 'A status below 200 that wsad does not know.',
    wsad: 'working',
    user: 'The invoices are being processed at KSeF.',
  },
  other: { meaning: 'A status from 200 on that wsad does not know.', wsad: 'failed', user: AGAIN },
};

export function sessionAnswer(code: number): SessionAnswer {
  return SESSION_STATUSES[code] ?? UNKNOWN_SESSION_STATUS[code < 200 ? 'below200' : 'other'];
}
