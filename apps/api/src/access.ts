import { hasNipChecksum, isNip, Problem } from '@wsad/domain';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { requestCaller } from './authenticate.ts';
import { type Access, type Caller, mayAccess, mayReach } from './caller.ts';
import type { ApiDeps } from './deps.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route asks of its caller; every route under /v1 names it. */
    access?: Access;
  }
  interface FastifyRequest {
    /** Set by the access hook; null on public routes. */
    apiCaller: Caller | null;
  }
}

/** A route that does not say is for administrators: forgetting it must not open anything. */
export function accessOf(config: { access?: Access } | undefined): Access {
  return config?.access ?? 'administrator';
}

/** Judges key, role and NIP before a single byte of the body is read. */
export function guardAccess(app: FastifyInstance, deps: ApiDeps): void {
  app.decorateRequest('apiCaller', null);
  app.addHook('onRequest', async (request) => {
    if (request.is404) return;
    const access = accessOf(request.routeOptions.config);
    if (access === 'public' || access === 'own') return;
    const caller = await requestCaller(deps, request);
    if (!mayAccess(caller, access)) throw new Problem('FORBIDDEN');
    request.apiCaller = caller;
    const nip = nipOfPath(request);
    if (nip !== null) reachableNip(deps, caller, nip);
  });
}

export function callerOf(request: FastifyRequest): Caller {
  if (request.apiCaller === null) throw new Problem('UNAUTHENTICATED');
  return request.apiCaller;
}

/** The NIP itself, once it is one and the caller's key is for it. */
export function reachableNip(deps: Pick<ApiDeps, 'rules'>, caller: Caller, nip: string): string {
  if (!isNip(nip)) throw new Problem('INVALID_NIP', `"${nip.slice(0, 40)}" is not a NIP`);
  if (deps.rules.nipChecksum && !hasNipChecksum(nip))
    throw new Problem('INVALID_NIP', `The check digit of ${nip} is wrong`);
  if (!mayReach(caller, nip)) throw new Problem('FORBIDDEN', `This key is not for the seller ${nip}`);
  return nip;
}

function nipOfPath(request: FastifyRequest): string | null {
  const { params } = request;
  if (typeof params !== 'object' || params === null || !('nip' in params)) return null;
  return typeof params.nip === 'string' ? params.nip : null;
}
