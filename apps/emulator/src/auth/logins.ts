import { strikeLogin, type Troubles } from '../faults/troubles.ts';
import type { Clock } from '../options.ts';
import type { References } from '../references.ts';
import type { Caller, ContextIdentifier } from './caller.ts';

export type LoginCode = 100 | 200 | 415 | 425 | 450 | 460 | 470 | 480 | 500 | 550;

/** How somebody logged in, in the specification's words. */
export type LoginMethod = 'Token' | 'QualifiedSeal' | 'QualifiedSignature';

export type LoginStatus = { code: LoginCode; details?: string[] };

/** One authentication session, from its challenge answered to its revocation. */
export type Login = {
  referenceNumber: string;
  context: ContextIdentifier;
  method: LoginMethod;
  startedAt: Date;
  /** What the login comes to once it is worked off. */
  verdict: LoginStatus;
  caller: Caller;
  /** Status calls that still answer 100. */
  pollsLeft: number;
  redeemed: boolean;
  revoked: boolean;
  lastRefreshAt: Date | null;
  refreshValidUntil: Date | null;
};

export type Challenge = { challenge: string; timestampMs: number };

export const challengeLifetimeMs = 600_000;

export type Logins = {
  challenge(): Challenge;
  /** Takes a challenge out of use, or answers null where it is unknown, used or older than 10 minutes. */
  consume(challenge: string): Challenge | null;
  add(login: Login): void;
  get(referenceNumber: string): Login | undefined;
  /** Logins of one credential in one context, newest first. */
  of(caller: Caller): Login[];
};

export const loginDescriptions: Record<LoginCode, string> = {
  100: 'Uwierzytelnianie w toku',
  200: 'Uwierzytelnianie zakończone sukcesem',
  415: 'Uwierzytelnianie zakończone niepowodzeniem',
  425: 'Uwierzytelnienie unieważnione',
  450: 'Uwierzytelnianie zakończone niepowodzeniem z powodu błędnego tokenu',
  460: 'Uwierzytelnianie zakończone niepowodzeniem z powodu błędu certyfikatu',
  470: 'Uwierzytelnianie zakończone niepowodzeniem',
  480: 'Uwierzytelnienie zablokowane',
  500: 'Nieznany błąd',
  550: 'Operacja została anulowana przez system',
};

/** The status a login shows now. */
export function statusOf(login: Login): LoginStatus {
  if (login.pollsLeft > 0) return { code: 100 };
  if (login.revoked) {
    return {
      code: 425,
      details: ['Uwierzytelnienie i powiązane refresh tokeny zostały unieważnione przez użytkownika'],
    };
  }
  return login.verdict;
}

export type LoginMemory = { challenges: Map<string, Challenge>; logins: Map<string, Login> };

export type LoginSettings = { clock: Clock; references: References; troubles: Troubles };

export function createLogins({ challenges, logins }: LoginMemory, settings: LoginSettings): Logins {
  const { clock, references, troubles } = settings;

  function challenge(): Challenge {
    const fresh = { challenge: references('CR'), timestampMs: clock().getTime() };
    challenges.set(fresh.challenge, fresh);
    return fresh;
  }

  function consume(text: string): Challenge | null {
    const known = challenges.get(text);
    challenges.delete(text);
    if (known === undefined || clock().getTime() - known.timestampMs >= challengeLifetimeMs) return null;
    return known;
  }

  function add(login: Login): void {
    const trouble = strikeLogin(troubles, login.context);
    if (trouble?.status !== undefined) login.verdict = trouble.status;
    login.pollsLeft += trouble?.looks ?? 0;
    logins.set(login.referenceNumber, login);
  }

  function of(caller: Caller): Login[] {
    const sameCredential = (login: Login): boolean =>
      login.caller.subject === caller.subject &&
      login.context.type === caller.context.type &&
      login.context.value === caller.context.value;
    return [...logins.values()].filter(sameCredential).reverse();
  }

  return {
    challenge,
    consume,
    add,
    get: (referenceNumber) => logins.get(referenceNumber),
    of,
  };
}
