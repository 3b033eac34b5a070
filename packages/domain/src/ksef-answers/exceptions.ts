/**
 * Every exception code that KSeF gives with a refusal, and what follows from it. Judged below status 500 only: beside a
 * 5xx nobody knows what became of the call. docs/ksef-answers.md is compared with it by a test.
 */
import type { FaultTreatment } from '../ksef-fault.ts';

/** What becomes of an invoice that was refused alone in an interactive session. */
export type AloneVerdict = 'rejected' | 'held' | 'again';

export interface ExceptionAnswer {
  readonly meaning: string;
  /** `stop` tells no more than the status does, and leaves the judgement to it. */
  readonly wsad: FaultTreatment;
  /** Where single operations are treated otherwise. */
  readonly on?: Readonly<Partial<Record<string, FaultTreatment>>>;
  /** Where it is not `again`. */
  readonly alone?: AloneVerdict;
  /** What the user sees of it. */
  readonly user: string;
}

export const NO_SUCH_SESSION = 21173;

const LOGIN_REFUSED =
  'The invoices of the seller are held with these words of KSeF until the credentials are replaced.';
const BY_ITSELF = 'Nothing: wsad sees to it by itself.';
const AGAIN =
  'The invoices go again by themselves; after three attempts they are held with these words of KSeF.';
const CORRECTION = 'The correction is rejected with these words of KSeF.';
const ASKED = 'Nothing: wsad asks the session what became of it.';

export const EXCEPTION_CODES: Readonly<Record<number, ExceptionAnswer>> = {
  9101: { meaning: 'The signed login document is not valid.', wsad: 'hold-login', user: LOGIN_REFUSED },
  9102: { meaning: 'The login document has no signature.', wsad: 'hold-login', user: LOGIN_REFUSED },
  9103: { meaning: 'The login document has too many signatures.', wsad: 'hold-login', user: LOGIN_REFUSED },
  9105: { meaning: 'The signature of the login is not valid.', wsad: 'hold-login', user: LOGIN_REFUSED },
  21001: {
    meaning: 'The content cannot be read.',
    wsad: 'stop',
    on: { loginWithCertificate: 'hold-login' },
    user: AGAIN,
  },
  21111: { meaning: 'The challenge of the login is not good, or no more.', wsad: 'retry', user: BY_ITSELF },
  21115: { meaning: 'The certificate of the login is not valid.', wsad: 'hold-login', user: LOGIN_REFUSED },
  21117: {
    meaning: 'The identifier does not fit the kind of context.',
    wsad: 'hold-login',
    user: LOGIN_REFUSED,
  },
  21155: { meaning: 'The session is full.', wsad: 'new-session', user: BY_ITSELF },
  21157: {
    meaning: 'A part of the package has a size that KSeF does not take; on closing: it never arrived.',
    wsad: 'stop',
    on: { closeBatch: 'new-session', closeOnline: 'new-session' },
    user: AGAIN,
  },
  21161: { meaning: 'The package has too many parts.', wsad: 'stop', user: AGAIN },
  21164: {
    meaning: 'KSeF knows no invoice of this number.',
    wsad: 'stop',
    user: 'The confirmation shows that KSeF has no such invoice.',
  },
  21165: {
    meaning: 'The invoice is registered, and not to be had just yet.',
    wsad: 'retry',
    user: BY_ITSELF,
  },
  21166: {
    meaning: 'The invoice has a technical correction that KSeF took already.',
    wsad: 'stop',
    alone: 'rejected',
    user: CORRECTION,
  },
  21167: {
    meaning: 'The invoice is in a state that allows no technical correction.',
    wsad: 'stop',
    alone: 'rejected',
    user: CORRECTION,
  },
  [NO_SUCH_SESSION]: {
    meaning: 'KSeF knows no such session; also said falsely, for a while.',
    wsad: 'ask-session',
    user: ASKED,
  },
  21178: { meaning: 'There is no UPO of this invoice yet.', wsad: 'retry', user: BY_ITSELF },
  21180: {
    meaning: 'The session is in a state that does not allow this.',
    wsad: 'new-session',
    on: { closeBatch: 'ask-session', closeOnline: 'ask-session' },
    user: ASKED,
  },
  21184: { meaning: 'The session is in maintenance.', wsad: 'new-session', user: BY_ITSELF },
  21205: {
    meaning: 'A part that was announced never arrived.',
    wsad: 'stop',
    on: { closeBatch: 'new-session', closeOnline: 'new-session' },
    user: AGAIN,
  },
  21208: {
    meaning: 'The time for uploading ran out.',
    wsad: 'stop',
    on: { closeBatch: 'ask-session', closeOnline: 'ask-session' },
    user: ASKED,
  },
  21217: {
    meaning: 'The login document is in a wrong character encoding.',
    wsad: 'hold-login',
    user: LOGIN_REFUSED,
  },
  21301: {
    meaning: 'No authorisation: the tokens were taken already, or cannot be.',
    wsad: 'retry',
    on: { refresh: 'relogin' },
    user: 'Nothing: wsad logs in again by itself.',
  },
  21304: {
    meaning: 'No authentication: the login or its token is gone.',
    wsad: 'relogin',
    user: 'Nothing: wsad logs in again by itself.',
  },
  21308: {
    meaning: 'The means of login belong to a person who has died.',
    wsad: 'hold-login',
    user: LOGIN_REFUSED,
  },
  21401: { meaning: 'The login document breaks its schema.', wsad: 'hold-login', user: LOGIN_REFUSED },
  21402: { meaning: 'The content has another size than was told.', wsad: 'stop', user: AGAIN },
  21403: { meaning: 'The content has another hash than was told.', wsad: 'stop', user: AGAIN },
  21405: {
    meaning: "KSeF's validation finds the request wrong.",
    wsad: 'stop',
    on: { loginWithToken: 'hold-login', loginWithCertificate: 'hold-login' },
    alone: 'held',
    user: 'Sent alone the invoice is held at once with these words of KSeF; else the invoices after three attempts. At a login the seller is held until the credentials are replaced.',
  },
  21406: {
    meaning: 'The signature does not fit the kind of login.',
    wsad: 'hold-login',
    user: LOGIN_REFUSED,
  },
  21418: {
    meaning: 'The token that continues a list is malformed.',
    wsad: 'stop',
    user: 'Nothing: wsad reads the list anew from its beginning.',
  },
  21470: {
    meaning: 'The public key is unknown or withdrawn.',
    wsad: 'refetch-key',
    user: 'Nothing: wsad fetches the new key and repeats.',
  },
};

/** What a code says of a call; null where the status alone has to tell. */
export function treatmentByCode(code: number | null, operation: string): FaultTreatment | null {
  const known = code === null ? undefined : EXCEPTION_CODES[code];
  const treatment = known?.on?.[operation] ?? known?.wsad ?? 'stop';
  return treatment === 'stop' ? null : treatment;
}

/** On closing: the parts of a batch never arrived, although uploading them was answered well. */
export function partsNeverArrived(code: number | null): boolean {
  return code !== null && EXCEPTION_CODES[code]?.on?.closeBatch === 'new-session';
}

/** What becomes of an invoice that KSeF refused alone: 413 and a few codes stay so however often it is sent. */
export function judgeAlone({ code, status }: { code: number | null; status: number | null }): AloneVerdict {
  if (status === 413) return 'held';
  return (code === null ? undefined : EXCEPTION_CODES[code]?.alone) ?? 'again';
}
