/** The authentication sessions of a login's context: KSeF lists those that are active, and revokes one when told to. */
import type { AuthSession } from '@wsad/domain';
import type { z } from 'zod';
import { unreadableFault } from './faults.ts';
import { type Call, type Caller, contextOf } from './http.ts';
import { authSessionsAnswer } from './schemas.ts';

const PAGE_SESSIONS = 100;
/** A login a quarter of an hour for seven days is 672 sessions; a listing far beyond goes in circles. */
const PAGES_MAX = 20;

/** All of them, the newest first. */
export async function authSessions(
  caller: Caller,
  nip: string,
  accessToken: string,
): Promise<readonly AuthSession[]> {
  const path = `/auth/sessions?pageSize=${PAGE_SESSIONS}`;
  const call: Call = { operation: 'authSessions', nip, method: 'GET', path, bearer: accessToken };
  const sessions: AuthSession[] = [];
  const seen = new Set<string>();
  for (let token = ''; ; ) {
    const headers: Record<string, string> = token === '' ? {} : { 'x-continuation-token': token };
    const page = await caller.json({ ...call, headers }, authSessionsAnswer);
    sessions.push(...page.items.map(sessionOf));
    token = page.continuationToken ?? '';
    if (token === '') return sessions;
    if (seen.has(token) || seen.size >= PAGES_MAX)
      throw unreadableFault(contextOf(call), 200, 'the list goes in circles: its continuation repeats');
    seen.add(token);
  }
}

function sessionOf(listed: z.infer<typeof authSessionsAnswer>['items'][number]): AuthSession {
  const { referenceNumber, isCurrent, startDate, authenticationMethodInfo, status } = listed;
  return {
    reference: referenceNumber,
    current: isCurrent,
    startedAt: startDate,
    method: authenticationMethodInfo.code,
    status: { code: status.code, description: status.description },
    refreshUntil: listed.refreshTokenValidUntil ?? null,
  };
}

/** By its reference, or the one that the token itself comes from. Its access tokens stay good until they run out. */
export async function revokeAuthSession(
  caller: Caller,
  nip: string,
  accessToken: string,
  reference: string,
): Promise<void> {
  const operation = reference === 'current' ? 'revokeCurrentAuthSession' : 'revokeAuthSession';
  const path = `/auth/sessions/${encodeURIComponent(reference)}`;
  await caller.done({ operation, nip, method: 'DELETE', path, bearer: accessToken });
}
