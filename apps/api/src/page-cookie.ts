/** The cookie of a page's session: only the browser and this API ever see its value. */
import type { FastifyReply, FastifyRequest } from 'fastify';

export const PAGE_COOKIE = 'wsad_session';
/** Longer than this no session lasts, whatever the browser keeps. */
export const PAGE_SESSION_MS_MAX = 7 * 86_400_000;

export function pageTokenOf(request: FastifyRequest): string | null {
  return request.cookies[PAGE_COOKIE] ?? null;
}

export function setPageCookie(request: FastifyRequest, reply: FastifyReply, token: string): void {
  reply.setCookie(PAGE_COOKIE, token, { ...attributesFor(request), maxAge: PAGE_SESSION_MS_MAX / 1000 });
}

export function clearPageCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(PAGE_COOKIE, attributesFor(request));
}

function attributesFor(request: FastifyRequest) {
  return { httpOnly: true, sameSite: 'strict', path: '/', secure: !isLoopback(request.hostname) } as const;
}

/** Where nothing leaves this machine there need be no TLS, and some browsers keep no Secure cookie without it. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
