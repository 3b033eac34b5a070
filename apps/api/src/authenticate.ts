import { Problem } from '@wsad/domain';
import type { FastifyRequest } from 'fastify';
import { hashOfKey, sameSecret } from './api-key.ts';
import type { Caller } from './caller.ts';
import type { ApiDeps } from './deps.ts';
import { pageTokenOf } from './page-cookie.ts';
import { sessionCaller } from './page-session.ts';
import { guardBoardCall, guardPageCall } from './same-origin.ts';

type KeyDeps = Pick<ApiDeps, 'adminToken' | 'clock' | 'ledger' | 'randomBytes'>;

/**
 * The caller behind `Authorization: Bearer <api key>`, or behind the cookie of a page; `inUse`: its session is put to use,
 * and lasts the longer for it.
 */
export async function requestCaller(deps: KeyDeps, request: FastifyRequest, inUse = true): Promise<Caller> {
  return await callerBy(deps, request, guardPageCall, inUse);
}

/** A browser cannot be told to send a bearer key, so where it is the user the key may come as a Basic password. */
export async function boardCaller(deps: KeyDeps, request: FastifyRequest): Promise<Caller> {
  const [, basic] = /^Basic +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? [];
  if (basic === undefined) return await callerBy(deps, request, guardBoardCall, true);
  const pair = Buffer.from(basic, 'base64').toString('utf8');
  return await keyCaller(deps, pair.slice(pair.indexOf(':') + 1));
}

/** The holder of a key as it was given. */
export async function keyCaller(
  { adminToken, ledger }: Pick<KeyDeps, 'adminToken' | 'ledger'>,
  key: string,
): Promise<Caller> {
  const lasting = { keyId: null, expiresAt: null };
  if (sameSecret(key, adminToken)) return { actor: 'admin-token', role: 'admin', sellers: 'all', ...lasting };
  const found = await ledger.findApiKey(hashOfKey(key));
  if (found === null) throw new Problem('UNAUTHENTICATED', 'This API key is unknown or has been deleted.');
  const { id, role, sellers } = found;
  return { actor: `key:${id}`, role, sellers, ...lasting, keyId: id };
}

/** A header comes before a cookie: browsers send none by themselves, so nobody else can have written it. */
async function callerBy(
  deps: KeyDeps,
  request: FastifyRequest,
  guard: (request: FastifyRequest) => void,
  inUse: boolean,
): Promise<Caller> {
  const { authorization } = request.headers;
  const token = pageTokenOf(request);
  if (authorization === undefined && token !== null) {
    guard(request);
    return await sessionCaller(deps, token, inUse);
  }
  const [, key] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
  if (key === undefined) throw new Problem('UNAUTHENTICATED');
  return await keyCaller(deps, key);
}
