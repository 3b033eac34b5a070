/** The sending sessions that a login's subject opened: KSeF's own word on what it was sent. */
import type { ListedSession, SessionKind } from '@wsad/domain';
import type { z } from 'zod';
import { unreadableFault } from './faults.ts';
import { type Call, type Caller, contextOf } from './http.ts';
import { sessionsAnswer } from './schemas.ts';

export interface SessionQuery {
  readonly kind: SessionKind;
  readonly openedFrom: Date;
  readonly openedUntil: Date;
}

const PAGE_SESSIONS = 1000;
/** 60 batch and 120 interactive sessions an hour at most: a listing far beyond a month of them goes in circles. */
const PAGES_MAX = 100;
const TYPES: Readonly<Record<SessionKind, string>> = { batch: 'Batch', interactive: 'Online' };

/** All of them, the newest first; each page is one call of the group `sessionList`. */
export async function listSessions(
  caller: Caller,
  nip: string,
  accessToken: string,
  { kind, openedFrom, openedUntil }: SessionQuery,
): Promise<readonly ListedSession[]> {
  const query = new URLSearchParams({
    sessionType: TYPES[kind],
    pageSize: String(PAGE_SESSIONS),
    dateCreatedFrom: openedFrom.toISOString(),
    dateCreatedTo: openedUntil.toISOString(),
  });
  const call: Call = {
    operation: 'listSessions',
    nip,
    method: 'GET',
    path: `/sessions?${query}`,
    bearer: accessToken,
  };
  const sessions: ListedSession[] = [];
  const seen = new Set<string>();
  for (let token = ''; ; ) {
    const headers: Record<string, string> = token === '' ? {} : { 'x-continuation-token': token };
    const page = await caller.json({ ...call, headers }, sessionsAnswer);
    sessions.push(...page.sessions.map((listed) => sessionOf(kind, listed)));
    token = page.continuationToken ?? '';
    if (token === '') return sessions;
    if (seen.has(token) || seen.size >= PAGES_MAX)
      throw unreadableFault(contextOf(call), 200, 'the list goes in circles: its continuation repeats');
    seen.add(token);
  }
}

function sessionOf(
  kind: SessionKind,
  listed: z.infer<typeof sessionsAnswer>['sessions'][number],
): ListedSession {
  return {
    reference: listed.referenceNumber,
    kind,
    openedAt: listed.dateCreated,
    updatedAt: listed.dateUpdated,
    statusCode: listed.status.code,
    invoiceCount: listed.totalInvoiceCount,
    successfulInvoiceCount: listed.successfulInvoiceCount,
    failedInvoiceCount: listed.failedInvoiceCount,
  };
}
