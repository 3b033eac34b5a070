/** From a credential to an access token: challenge, the proof that answers it, waiting for the verdict, redeeming. */
import { X509Certificate } from 'node:crypto';
import { type Credential, type FaultTreatment, judgeLogin, KsefFault, type LoginTokens } from '@wsad/domain';
import { plainFault, treatedAs, unreadableFault } from './faults.ts';
import { type Call, type Caller, contextOf } from './http.ts';
import { encryptFor, type Keyring, withKey } from './keys.ts';
import {
  challengeAnswer,
  loginAnswer,
  loginStatusAnswer,
  refreshAnswer,
  type TokenInfo,
  tokensAnswer,
} from './schemas.ts';
import { scrub } from './scrub.ts';
import { permissionsOf, validUntil } from './tokens.ts';
import { type SigningCertificate, signAuthTokenRequest } from './xades.ts';

export interface Logins {
  login(nip: string, credential: Credential, signal?: AbortSignal): Promise<LoginTokens>;
  refresh(nip: string, refreshToken: string): Promise<RefreshedAccess>;
}

export type RefreshedAccess = Pick<LoginTokens, 'accessToken' | 'accessUntil' | 'permissions'>;

export interface LoginsOptions {
  readonly caller: Caller;
  readonly keyring: Keyring;
  readonly clock: () => Date;
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2000;
/** On DEMO and PRD a login stays at 100 until a certificate's issuer has answered. */
const VERDICT_WITHIN_MS = 120_000;

export function createLogins(options: LoginsOptions): Logins {
  return {
    login: (nip, credential, signal) => {
      // The key of a certificate never leaves: nothing of KSeF's could quote it.
      const secrets = credential.type === 'ksefToken' ? [credential.token] : [];
      const attempt = { nip, credential, secrets, signal };
      return asLogin(() => login(options, attempt));
    },
    refresh: (nip, refreshToken) => asRefresh(() => refresh(options, nip, refreshToken)),
  };
}

/** What every call of one login shares. */
interface Attempt {
  readonly nip: string;
  readonly credential: Credential;
  readonly secrets: readonly string[];
  readonly signal: AbortSignal | undefined;
}

async function login(options: LoginsOptions, attempt: Attempt): Promise<LoginTokens> {
  const started = await start(options, attempt);
  await untilSuccess(options, attempt, started);
  return redeem(options, attempt, started);
}

interface StartedLogin {
  readonly reference: string;
  readonly bearer: string;
}

function start(options: LoginsOptions, attempt: Attempt): Promise<StartedLogin> {
  const { credential } = attempt;
  return credential.type === 'ksefToken'
    ? startWithToken(options, attempt, credential.token)
    : startWithCertificate(options, attempt, credential);
}

/** A withdrawn key repeats this from the challenge, since a challenge may be good for one try only. */
function startWithToken(
  { caller, keyring }: LoginsOptions,
  attempt: Attempt,
  token: string,
): Promise<StartedLogin> {
  return withKey(keyring, 'KsefTokenEncryption', async (key) => {
    const { challenge, timestampMs } = await askChallenge(caller, attempt);
    const encryptedToken = encryptFor(key, Buffer.from(`${token}|${timestampMs}`));
    return answerChallenge(caller, attempt, {
      operation: 'loginWithToken',
      path: '/auth/ksef-token',
      json: {
        challenge,
        contextIdentifier: { type: 'Nip', value: attempt.nip },
        encryptedToken,
        publicKeyId: key.publicKeyId,
      },
    });
  });
}

/** A certificate that has expired is not even tried. */
async function startWithCertificate(
  { caller, clock }: LoginsOptions,
  attempt: Attempt,
  certificate: SigningCertificate,
): Promise<StartedLogin> {
  refuseExpired(certificate, clock());
  const { challenge } = await askChallenge(caller, attempt);
  return answerChallenge(caller, attempt, {
    operation: 'loginWithCertificate',
    path: '/auth/xades-signature',
    xml: signAuthTokenRequest({ challenge, nip: attempt.nip }, certificate, clock()),
  });
}

function refuseExpired({ certificatePem }: SigningCertificate, now: Date): void {
  const { validToDate } = new X509Certificate(certificatePem);
  if (now < validToDate) return;
  const context = { operation: 'loginWithCertificate', unrepeatable: false, secrets: [] };
  const description = `the certificate expired on ${validToDate.toISOString().slice(0, 10)}: wsad does not try it`;
  throw treatedAs('hold-login', plainFault(context, { status: null, description, mayHaveWorked: false }));
}

function askChallenge(caller: Caller, { nip, secrets, signal }: Attempt) {
  const path = '/auth/challenge';
  return caller.json({ operation: 'challenge', nip, method: 'POST', path, secrets, signal }, challengeAnswer);
}

async function answerChallenge(
  caller: Caller,
  { nip, secrets, signal }: Attempt,
  proof: Pick<Call, 'operation' | 'path' | 'json' | 'xml'>,
): Promise<StartedLogin> {
  const started = await caller.json({ ...proof, nip, method: 'POST', secrets, signal }, loginAnswer);
  return { reference: started.referenceNumber, bearer: started.authenticationToken.token };
}

/** Asks at once, then ever less often; our own patience running out is no refusal. */
async function untilSuccess(
  { caller, clock, wait }: LoginsOptions,
  { nip, secrets, signal }: Attempt,
  { reference, bearer }: StartedLogin,
): Promise<void> {
  const path = `/auth/${encodeURIComponent(reference)}`;
  const call: Call = { operation: 'loginStatus', nip, method: 'GET', path, bearer, secrets, signal };
  const begun = clock().getTime();
  let waitedMs = 0;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    const { status } = await caller.json(call, loginStatusAnswer);
    if (judgeLogin(status.code) === 'success') return;
    if (judgeLogin(status.code) !== 'working') throw verdictFault(call, status);
    if (Math.max(waitedMs, clock().getTime() - begun) + waitMs > VERDICT_WITHIN_MS) throw tooLong(call);
    await wait(waitMs, signal).catch(() => Promise.reject(givenUp(call)));
    waitedMs += waitMs;
  }
}

function verdictFault(
  call: Call,
  status: { code: number; description: string; details?: string[] | null | undefined },
): KsefFault {
  const { secrets } = contextOf(call);
  const verdict = judgeLogin(status.code);
  return new KsefFault(verdict === 'again' ? 'retry' : 'hold-login', {
    operation: call.operation,
    status: 200,
    code: status.code,
    description: scrub(status.description, secrets),
    details: (status.details ?? []).slice(0, 20).map((detail) => scrub(detail, secrets)),
    retryAfterMs: null,
    mayHaveWorked: false,
  });
}

function tooLong(call: Call): KsefFault {
  const description = `no verdict on the login within ${VERDICT_WITHIN_MS / 1000} s`;
  return plainFault(contextOf(call), { status: 200, description, mayHaveWorked: false });
}

function givenUp(call: Call): KsefFault {
  const description = 'given up by wsad itself';
  return plainFault(contextOf(call), { status: null, description, mayHaveWorked: false });
}

/** Once only: a second redeeming is refused, so a lost answer costs the whole login. */
async function redeem(
  { caller }: LoginsOptions,
  { nip, secrets }: Attempt,
  { bearer }: StartedLogin,
): Promise<LoginTokens> {
  const path = '/auth/token/redeem';
  const call: Call = { operation: 'redeem', nip, method: 'POST', path, bearer, secrets, unrepeatable: true };
  const tokens = await caller.json(call, tokensAnswer);
  return {
    ...accessOf(call, tokens.accessToken),
    refreshToken: tokens.refreshToken.token,
    refreshUntil: knownEnd(call, tokens.refreshToken, 'refreshToken'),
  };
}

async function refresh(
  { caller }: LoginsOptions,
  nip: string,
  refreshToken: string,
): Promise<RefreshedAccess> {
  const path = '/auth/token/refresh';
  const call: Call = { operation: 'refresh', nip, method: 'POST', path, bearer: refreshToken };
  const { accessToken } = await caller.json(call, refreshAnswer);
  return accessOf(call, accessToken);
}

function accessOf(call: Call, info: TokenInfo): RefreshedAccess {
  const accessUntil = knownEnd(call, info, 'accessToken');
  return { accessToken: info.token, accessUntil, permissions: permissionsOf(info.token) };
}

function knownEnd(call: Call, info: TokenInfo, name: string): Date {
  const until = validUntil(info);
  if (until === null) throw unreadableFault(contextOf(call), 200, `missing or malformed: ${name}.validUntil`);
  return until;
}

/** A login has no token to renew and no session to ask: both mean to log in from the start, after a while. */
const IN_A_LOGIN: Partial<Record<FaultTreatment, FaultTreatment>> = {
  relogin: 'retry',
  'ask-session': 'retry',
  'hold-permission': 'retry',
};

function asLogin<T>(work: () => Promise<T>): Promise<T> {
  return work().catch((error: unknown) => {
    if (!(error instanceof KsefFault)) throw error;
    throw treatedAs(IN_A_LOGIN[error.treatment] ?? error.treatment, error);
  });
}

/** A refresh token that KSeF will not take, for whatever reason it gives, is cured by a full login. */
function asRefresh<T>(work: () => Promise<T>): Promise<T> {
  return work().catch((error: unknown) => {
    if (!(error instanceof KsefFault)) throw error;
    const refused = error.treatment === 'stop' || error.treatment === 'hold-permission';
    throw treatedAs(refused ? 'relogin' : error.treatment, error);
  });
}
