import { Problem } from '@wsad/domain';
import type { FastifyRequest } from 'fastify';
import { hashOfKey, sameSecret } from './api-key.ts';
import type { Caller } from './caller.ts';
import type { ApiDeps } from './deps.ts';

type KeyDeps = Pick<ApiDeps, 'adminToken' | 'ledger'>;

/** The caller behind `Authorization: Bearer <api key>`. */
export async function bearerCaller(deps: KeyDeps, request: FastifyRequest): Promise<Caller> {
  const [, key] = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? [];
  if (key === undefined) throw new Problem('UNAUTHENTICATED');
  return await callerOf(deps, key);
}

/** A browser cannot be told to send a bearer key, so where it is the user the key may come as a Basic password. */
export async function bearerOrBasicCaller(deps: KeyDeps, request: FastifyRequest): Promise<Caller> {
  const [, basic] = /^Basic +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? [];
  if (basic === undefined) return await bearerCaller(deps, request);
  const pair = Buffer.from(basic, 'base64').toString('utf8');
  return await callerOf(deps, pair.slice(pair.indexOf(':') + 1));
}

async function callerOf({ adminToken, ledger }: KeyDeps, key: string): Promise<Caller> {
  if (sameSecret(key, adminToken)) return { actor: 'admin-token', role: 'admin', sellers: 'all' };
  const found = await ledger.findApiKey(hashOfKey(key));
  if (found === null) throw new Problem('UNAUTHENTICATED', 'This API key is unknown or has been deleted.');
  return { actor: `key:${found.id}`, role: found.role, sellers: found.sellers };
}
