/** The sending sessions that a login's subject opened: KSeF's own word on what it was sent. */
import type { ListedSession, SessionKind, SessionList } from '@wsad/domain';
import type { z } from 'zod';
import { unreadableFault } from './faults.ts';
import { type Call, type Caller, contextOf } from './http.ts';
import { sessionsAnswer } from './schemas.ts';

export interface SessionQuery {
  readonly kind: SessionKind;
  readonly openedFrom: Date;
  readonly openedUntil: Date;
  /** Each page is a call: after so many the rest is left for another time. */
  readonly pagesMax: number;
}

const PAGE_SESSIONS = 1000;
const TYPES: Readonly<Record<SessionKind, string>> = { batch: 'Batch', interactive: 'Online' };

/** The newest first; each page is one call of the group `sessionList`. */
export async function listSessions(
  caller: Caller,
  nip: string,
  accessToken: string,
  { kind, openedFrom, openedUntil, pagesMax }: SessionQuery,
): Promise<SessionList> {
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
  let token = '';
  for (let page = 0; page < pagesMax; page += 1) {
    const headers: Record<string, string> = token === '' ? {} : { 'x-continuation-token': token };
    const answer = await caller.json({ ...call, headers }, sessionsAnswer);
    sessions.push(...answer.sessions.map((listed) => sessionOf(kind, listed)));
    token = answer.continuationToken ?? '';
    if (token === '') return { sessions, complete: true };
    if (seen.has(token))
      throw unreadableFault(contextOf(call), 200, 'the list goes in circles: its continuation repeats');
    seen.add(token);
  }
  return { sessions, complete: false };
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
