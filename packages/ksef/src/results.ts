/** What became of a session and its invoices, and the limits in force. */
import { createHash } from 'node:crypto';
import type { KsefVerdict, RateLimits, SessionInvoice, SessionStatus } from '@wsad/domain';
import { kindOf, looksLikeXml } from './bodies.ts';
import { unreadableFault } from './faults.ts';
import { type Call, type Caller, contextOf } from './http.ts';
import {
  attachmentConsentAnswer,
  type ListedInvoice,
  rateLimitsAnswer,
  sessionInvoicesAnswer,
  sessionStatusAnswer,
} from './schemas.ts';
import type { Answer } from './wire.ts';

export async function sessionStatus(
  caller: Caller,
  nip: string,
  accessToken: string,
  reference: string,
): Promise<SessionStatus> {
  const path = `/sessions/${encodeURIComponent(reference)}`;
  const call: Call = { operation: 'sessionStatus', nip, method: 'GET', path, bearer: accessToken };
  const answer = await caller.json(call, sessionStatusAnswer);
  return {
    code: answer.status.code,
    description: answer.status.description,
    details: answer.status.details ?? [],
    invoiceCount: answer.invoiceCount ?? null,
    successfulInvoiceCount: answer.successfulInvoiceCount ?? null,
    failedInvoiceCount: answer.failedInvoiceCount ?? null,
    upoPages: (answer.upo?.pages ?? []).map((page) => ({
      reference: page.referenceNumber,
      downloadUrl: page.downloadUrl,
    })),
  };
}

const PAGE_INVOICES = 1000;
/** A session holds 10,000 invoices at most; a listing that goes on far beyond goes in circles. */
const PAGES_MAX = 100;

/** Every invoice of the session, a page at a time, each page one call of the group `sessionInvoiceList`. */
export async function* sessionInvoices(
  caller: Caller,
  nip: string,
  accessToken: string,
  reference: string,
  which: 'all' | 'failed',
): AsyncGenerator<SessionInvoice> {
  const folder = `/sessions/${encodeURIComponent(reference)}/invoices${which === 'failed' ? '/failed' : ''}`;
  const call: Call = {
    operation: which === 'failed' ? 'failedInvoices' : 'sessionInvoices',
    nip,
    method: 'GET',
    path: `${folder}?pageSize=${PAGE_INVOICES}`,
    bearer: accessToken,
  };
  const seen = new Set<string>();
  for (let token: string | null = null; ; ) {
    const headers: Record<string, string> = token === null ? {} : { 'x-continuation-token': token };
    const page = await caller.json({ ...call, headers }, sessionInvoicesAnswer);
    for (const listed of page.invoices) yield invoiceOf(listed);
    const next = page.continuationToken ?? '';
    if (next === '') return;
    if (seen.has(next) || seen.size >= PAGES_MAX)
      throw unreadableFault(contextOf(call), 200, 'the list goes in circles: its continuation repeats');
    seen.add(next);
    token = next;
  }
}

function invoiceOf(listed: ListedInvoice): SessionInvoice {
  return {
    ordinal: listed.ordinalNumber,
    sha256: listed.invoiceHash || null,
    fileName: listed.invoiceFileName ?? null,
    reference: listed.referenceNumber,
    ksefNumber: listed.ksefNumber ?? null,
    invoicingMode: listed.invoicingMode ?? null,
    acquiredAt: listed.acquisitionDate ?? null,
    verdict: verdictOf(listed.status),
  };
}

function verdictOf({ code, description, details, extensions }: ListedInvoice['status']): KsefVerdict {
  const named = (name: string): string | undefined => {
    const value = extensions?.[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    code,
    description,
    details: details ?? [],
    originalKsefNumber: named('originalKsefNumber'),
    originalSessionReference: named('originalSessionReferenceNumber'),
  };
}

/** Groups that tell no number are passed over; a missing shorter window is bounded by the longer one. */
export async function rateLimits(caller: Caller, nip: string, accessToken: string): Promise<RateLimits> {
  const call: Call = {
    operation: 'rateLimits',
    nip,
    method: 'GET',
    path: '/rate-limits',
    bearer: accessToken,
  };
  const answer = await caller.json(call, rateLimitsAnswer);
  const groups = Object.entries(answer).flatMap(([group, limits]) => {
    const perSecond = limits?.perSecond ?? limits?.perMinute ?? limits?.perHour;
    if (limits === null || perSecond === undefined || perSecond === null) return [];
    const { perMinute, perHour } = limits;
    return [
      [group, { perSecond, perMinute: perMinute ?? undefined, perHour: perHour ?? undefined }] as const,
    ];
  });
  if (groups.length === 0) throw unreadableFault(contextOf(call), 200, 'no group of limits');
  return Object.fromEntries(groups);
}

/** Whether the context may send attachments now, and until when where KSeF names an end. */
export async function attachmentConsent(
  caller: Caller,
  nip: string,
  accessToken: string,
  signal?: AbortSignal,
): Promise<{ allowed: boolean; until: Date | null }> {
  const path = '/permissions/attachments/status';
  const call: Call = {
    operation: 'attachmentConsent',
    nip,
    method: 'GET',
    path,
    bearer: accessToken,
    signal,
  };
  const answer = await caller.json(call, attachmentConsentAnswer);
  return { allowed: answer.isAttachmentAllowed, until: answer.revokedDate ?? null };
}

/** An invoice has 3,000,000 bytes at most. */
const INVOICE_BYTES_MAX = 4_000_000;

/** The invoice that has this KSeF number, with the hash of the very bytes that came, whatever KSeF says it is. */
export async function downloadInvoice(
  caller: Caller,
  nip: string,
  accessToken: string,
  ksefNumber: string,
): Promise<{ xml: Buffer; sha256: string }> {
  const { body } = await invoiceByNumber(caller, nip, accessToken, ksefNumber);
  return { xml: body, sha256: createHash('sha256').update(body).digest('base64') };
}

async function invoiceByNumber(
  caller: Caller,
  nip: string,
  accessToken: string,
  ksefNumber: string,
): Promise<Answer> {
  const call: Call = {
    operation: 'invoiceByNumber',
    nip,
    method: 'GET',
    path: `/invoices/ksef/${encodeURIComponent(ksefNumber)}`,
    bearer: accessToken,
    answerBytesMax: INVOICE_BYTES_MAX,
  };
  const answer = await caller.answer(call);
  if (!looksLikeXml(answer))
    throw unreadableFault(contextOf(call), answer.status, `no invoice but ${kindOf(answer)}`);
  return answer;
}
