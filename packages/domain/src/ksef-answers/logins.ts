/** Every status that KSeF gives a login, and what follows from it. docs/ksef-answers.md is compared with it. */

export type LoginVerdict = 'working' | 'success' | 'refused' | 'blocked' | 'again';

export interface LoginStatusAnswer {
  readonly meaning: string;
  readonly wsad: LoginVerdict;
  /** What the user sees of it. */
  readonly user: string;
}

const REFUSED = "The seller's invoices are held with these words of KSeF until the credentials are replaced.";
const AGAIN = 'Nothing: wsad logs in again by itself.';

export const LOGIN_STATUSES: Readonly<Record<number, LoginStatusAnswer>> = {
  100: { meaning: 'KSeF is still checking the login.', wsad: 'working', user: 'Nothing: wsad waits.' },
  200: { meaning: 'Logged in.', wsad: 'success', user: 'The seller is connected.' },
  415: { meaning: 'No permission in this context.', wsad: 'refused', user: REFUSED },
  425: { meaning: 'The login was revoked by its owner.', wsad: 'refused', user: REFUSED },
  450: { meaning: 'The token is wrong, revoked or inactive.', wsad: 'refused', user: REFUSED },
  460: { meaning: 'The certificate is not valid or not trusted.', wsad: 'refused', user: REFUSED },
  470: { meaning: 'The means of login belong to a person who has died.', wsad: 'refused', user: REFUSED },
  480: {
    meaning: 'Blocked on suspicion of a security incident.',
    wsad: 'blocked',
    user: "The seller's invoices are held: clear it up with the Ministry of Finance, then replace the credentials.",
  },
  500: { meaning: 'KSeF does not know what went wrong.', wsad: 'again', user: AGAIN },
  550: { meaning: 'Cancelled by KSeF itself.', wsad: 'again', user: AGAIN },
};

export const UNKNOWN_LOGIN_STATUS: LoginStatusAnswer = {
  meaning: 'A status that wsad does not know.',
  wsad: 'again',
  user: AGAIN,
};

export function loginAnswerOf(code: number): LoginStatusAnswer {
  return LOGIN_STATUSES[code] ?? UNKNOWN_LOGIN_STATUS;
}
