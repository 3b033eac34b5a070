/** Whether a call that brings a cookie comes from our own page: any other page's calls would bring it as well. */
import { Problem } from '@wsad/domain';
import type { FastifyRequest } from 'fastify';

/** No form and no link can send it, and no foreign page may. */
export const PAGE_HEADER = 'x-wsad-page';

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** Calls that change something say that they are our page's, and the browser does not say otherwise. */
export function guardPageCall(request: FastifyRequest): void {
  if (SAFE_METHODS.includes(request.method)) return;
  if (request.headers[PAGE_HEADER] !== '1')
    throw new Problem('FORBIDDEN', `A call with the cookie of a page needs the header "${PAGE_HEADER}: 1".`);
  refuseForeign(request);
}

/** Bull Board's page knows nothing of our header: there the browser itself has to say where the call comes from. */
export function guardBoardCall(request: FastifyRequest): void {
  if (SAFE_METHODS.includes(request.method)) return;
  if (originOf(request) !== 'own') throw foreign();
}

/** Where the browser does not say, the call is let through. */
export function refuseForeign(request: FastifyRequest): void {
  if (originOf(request) === 'foreign') throw foreign();
}

function foreign(): Problem {
  return new Problem('FORBIDDEN', 'The call comes from a page of another server.');
}

/** A browser's own word comes first: a proxy may have changed Host, and then Origin differs from it. */
function originOf({ headers, host }: FastifyRequest): 'own' | 'foreign' | 'untold' {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' ? 'own' : 'foreign';
  if (headers.origin === undefined) return 'untold';
  return URL.parse(headers.origin)?.host === host ? 'own' : 'foreign';
}
