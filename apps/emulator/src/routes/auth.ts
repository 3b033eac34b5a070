import { loginWithKsefToken } from '../auth/ksef-token-login.ts';
import { type Login, type LoginMethod, loginDescriptions, statusOf } from '../auth/logins.ts';
import { loginWithXades } from '../auth/xades-login.ts';
import { badRequest, noAccessToResource } from '../http/errors.ts';
import { pageOf, pageSizeOf } from '../http/input.ts';
import {
  type Answer,
  type Call,
  json,
  noContent,
  type Operation,
  type ProtectedCall,
} from '../http/operation.ts';
import { utcTimestamp } from '../warsaw.ts';
import type { World } from '../world.ts';

/** Login and authentication sessions. */
export const authOperations: readonly Operation[] = [
  { method: 'POST', path: '/auth/challenge', access: 'open', group: 'auth', handle: challenge },
  { method: 'POST', path: '/auth/ksef-token', access: 'open', group: 'auth', handle: loginWithKsefToken },
  { method: 'POST', path: '/auth/xades-signature', access: 'open', group: 'auth', handle: loginWithXades },
  {
    method: 'GET',
    path: '/auth/{referenceNumber}',
    access: ['AuthenticationToken'],
    group: 'auth',
    handle: loginStatus,
  },
  {
    method: 'POST',
    path: '/auth/token/redeem',
    access: ['AuthenticationToken'],
    group: 'auth',
    handle: redeem,
  },
  { method: 'POST', path: '/auth/token/refresh', access: ['RefreshToken'], group: 'auth', handle: refresh },
  { method: 'GET', path: '/auth/sessions', access: ['AccessToken'], group: 'other', handle: listLogins },
  {
    method: 'DELETE',
    path: '/auth/sessions/current',
    access: ['AccessToken', 'RefreshToken'],
    group: 'other',
    handle: revokeCurrent,
  },
  {
    method: 'DELETE',
    path: '/auth/sessions/{referenceNumber}',
    access: ['AccessToken'],
    group: 'other',
    handle: revokeLogin,
  },
];

function challenge({ world, request }: Call): Answer {
  const { challenge, timestampMs } = world.logins.challenge();
  const timestamp = utcTimestamp(new Date(timestampMs));
  return json(200, { challenge, timestamp, timestampMs, clientIp: request.ip });
}

function loginStatus({ world, caller, param }: ProtectedCall): Answer {
  if (param('referenceNumber') !== caller.loginReference) throw noAccessToResource();
  const login = knownLogin(world, caller.loginReference);
  const answer = json(200, describe(login));
  login.pollsLeft = Math.max(0, login.pollsLeft - 1);
  return answer;
}

async function redeem({ world, caller }: ProtectedCall): Promise<Answer> {
  const login = knownLogin(world, caller.loginReference);
  const { code } = statusOf(login);
  if (code !== 200) {
    throw badRequest(21301, `Status uwierzytelniania (${code}) nie pozwala na pobranie tokenów.`);
  }
  if (login.redeemed) {
    throw badRequest(
      21301,
      `Tokeny dla operacji uwierzytelniania ${login.referenceNumber} zostały już pobrane.`,
    );
  }
  login.redeemed = true;
  const access = await world.mint.issue('AccessToken', login.caller);
  const refreshable = await world.mint.issue('RefreshToken', login.caller);
  login.refreshValidUntil = refreshable.validUntil;
  return json(200, { accessToken: tokenInfo(access), refreshToken: tokenInfo(refreshable) });
}

async function refresh({ world, caller }: ProtectedCall): Promise<Answer> {
  const login = knownLogin(world, caller.loginReference);
  const { code } = statusOf(login);
  if (code !== 200) {
    throw badRequest(
      21301,
      `Status uwierzytelniania (${code}) nie pozwala na odświeżenie tokenu dostępowego.`,
    );
  }
  if (world.ksefTokens.isRevoked(caller.tokenReference)) {
    throw badRequest(21301, 'Token KSeF został unieważniony.');
  }
  login.lastRefreshAt = world.clock();
  return json(200, { accessToken: tokenInfo(await world.mint.issue('AccessToken', login.caller)) });
}

function listLogins({ world, caller, query, request }: ProtectedCall): Answer {
  const logins = world.logins.of(caller).filter((login) => isActive(login, world.clock()));
  const pageSize = pageSizeOf(query, 100);
  const token = request.headers['x-continuation-token'];
  const { page, continuationToken } = pageOf(logins, `logins ${caller.subject}`, pageSize, token);
  const items = page.map((login) => ({
    ...describe(login),
    referenceNumber: login.referenceNumber,
    isCurrent: login.referenceNumber === caller.loginReference,
  }));
  return json(200, { continuationToken, items });
}

function isActive(login: Login, now: Date): boolean {
  const { refreshValidUntil } = login;
  return statusOf(login).code === 200 && (refreshValidUntil === null || now < refreshValidUntil);
}

function revokeCurrent({ world, caller }: ProtectedCall): Answer {
  knownLogin(world, caller.loginReference).revoked = true;
  return noContent;
}

function revokeLogin({ world, caller, param }: ProtectedCall): Answer {
  const login = world.logins.of(caller).find((own) => own.referenceNumber === param('referenceNumber'));
  if (login === undefined) throw badRequest(21405, 'Nie znaleziono sesji uwierzytelnienia.');
  login.revoked = true;
  return noContent;
}

function knownLogin(world: World, referenceNumber: string): Login {
  const login = world.logins.get(referenceNumber);
  if (login !== undefined) return login;
  throw badRequest(
    21304,
    `Operacja uwierzytelniania o numerze referencyjnym ${referenceNumber} nie została znaleziona.`,
  );
}

function describe(login: Login): Record<string, unknown> {
  const { code, details } = statusOf(login);
  return {
    startDate: utcTimestamp(login.startedAt),
    authenticationMethod: login.method,
    authenticationMethodInfo: methodInfo[login.method],
    status: { code, description: loginDescriptions[code], ...(details && { details }) },
    isTokenRedeemed: login.redeemed,
    lastTokenRefreshDate: login.lastRefreshAt && utcTimestamp(login.lastRefreshAt),
    refreshTokenValidUntil: login.refreshValidUntil && utcTimestamp(login.refreshValidUntil),
  };
}

const methodInfo: Record<LoginMethod, Record<string, string>> = {
  Token: { category: 'Token', code: 'token.ksef', displayName: 'Token KSeF' },
  QualifiedSeal: { category: 'XadesSignature', code: 'xades.seal', displayName: 'Pieczęć kwalifikowana' },
  QualifiedSignature: {
    category: 'XadesSignature',
    code: 'xades.signature',
    displayName: 'Podpis kwalifikowany',
  },
};

function tokenInfo({ token, validUntil }: { token: string; validUntil: Date }): Record<string, string> {
  return { token, validUntil: utcTimestamp(validUntil) };
}
