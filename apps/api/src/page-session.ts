/** A page's session: opened with a key, kept as a cookie, and good for no more and no longer than that key. */
import { createHmac } from 'node:crypto';
import { Problem } from '@wsad/domain';
import type { PageSession } from '@wsad/ledger';
import { hashOfKey, sameSecret } from './api-key.ts';
import type { Caller } from './caller.ts';
import type { ApiDeps } from './deps.ts';
import { PAGE_SESSION_MS_MAX } from './page-cookie.ts';

const IDLE_MS_MAX = 12 * 3_600_000;
/** So often at most it is written down that a session is in use. */
const SEEN_EVERY_MS = 60_000;
const TOKEN_BYTES = 32;

type PageDeps = Pick<ApiDeps, 'adminToken' | 'clock' | 'ledger' | 'randomBytes'>;

/** The token of a new session for whoever holds the key. */
export async function openSession(deps: PageDeps, { actor, keyId }: Caller, now: Date): Promise<string> {
  const token = deps.randomBytes(TOKEN_BYTES).toString('base64url');
  const holder = keyId === null ? { adminProof: proofOf(deps, token) } : { keyId };
  await deps.ledger.openPageSession({ tokenSha256: hashOfKey(token), holder, actor, now });
  return token;
}

/** The caller behind the cookie. `inUse` puts its end off; whoever only looks on leaves it where it is. */
export async function sessionCaller(deps: PageDeps, token: string, inUse: boolean): Promise<Caller> {
  const now = deps.clock();
  const tokenSha256 = hashOfKey(token);
  const ago = (ms: number): Date => new Date(now.getTime() - ms);
  const found = await deps.ledger.findPageSession(tokenSha256, {
    seenSince: ago(IDLE_MS_MAX),
    begunSince: ago(PAGE_SESSION_MS_MAX),
  });
  if (found === null || !isGood(deps, token, found)) throw new Problem('UNAUTHENTICATED', 'Log in again.');
  if (!inUse || found.seenAt > ago(SEEN_EVERY_MS)) return callerOf(found, found.seenAt);
  await deps.ledger.touchPageSession(tokenSha256, now);
  return callerOf(found, now);
}

export function endOfSession(createdAt: Date, seenAt: Date): Date {
  return new Date(Math.min(createdAt.getTime() + PAGE_SESSION_MS_MAX, seenAt.getTime() + IDLE_MS_MAX));
}

function callerOf({ holder, createdAt }: PageSession, seenAt: Date): Caller {
  const expiresAt = endOfSession(createdAt, seenAt);
  if (holder.kind === 'administrator')
    return { actor: 'admin-token', role: 'admin', sellers: 'all', keyId: null, expiresAt };
  const { id, role, sellers } = holder.key;
  return { actor: `key:${id}`, role, sellers, keyId: id, expiresAt };
}

function isGood(deps: PageDeps, token: string, { holder }: PageSession): boolean {
  return holder.kind === 'key' || sameSecret(holder.proof, proofOf(deps, token));
}

/** Made with both, so that the ledger holds nothing by which an ADMIN_TOKEN could be guessed. */
function proofOf({ adminToken }: Pick<PageDeps, 'adminToken'>, token: string): string {
  return createHmac('sha256', token).update(adminToken, 'utf8').digest('hex');
}
