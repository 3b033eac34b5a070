import { z } from 'zod';
import { badRequest } from '../http/errors.ts';
import { pageOf, pageSizeOf, parseInput } from '../http/input.ts';
import { type Answer, json, type Operation, type ProtectedCall } from '../http/operation.ts';
import { invoiceItem, sessionItem, sessionStatus } from '../sessions/describe.ts';
import { expireSession } from '../sessions/expiry.ts';
import type { InvoiceRecord, Session } from '../sessions/model.ts';
import { statusNameOf } from '../sessions/status-name.ts';
import { storageBase } from '../storage/upload-host.ts';
import { momentOf } from '../warsaw.ts';

const readers = ['InvoiceWrite', 'Introspection', 'PefInvoiceWrite', 'EnforcementOperations'];
const PAGE_SIZE_MAX = 1000;

/** What can be asked of sending sessions and their invoices. */
export const sessionQueryOperations: readonly Operation[] = [
  {
    method: 'GET',
    path: '/sessions',
    access: ['AccessToken'],
    anyPermission: ['InvoiceWrite', 'Introspection', 'EnforcementOperations'],
    group: 'sessionList',
    handle: list,
  },
  {
    method: 'GET',
    path: '/sessions/{referenceNumber}',
    access: ['AccessToken'],
    anyPermission: readers,
    group: 'sessionMisc',
    handle: status,
  },
  {
    method: 'GET',
    path: '/sessions/{referenceNumber}/invoices',
    access: ['AccessToken'],
    anyPermission: readers,
    group: 'sessionInvoiceList',
    handle: allInvoices,
  },
  {
    method: 'GET',
    path: '/sessions/{referenceNumber}/invoices/failed',
    access: ['AccessToken'],
    anyPermission: readers,
    group: 'sessionInvoiceList',
    handle: failedInvoices,
  },
  {
    method: 'GET',
    path: '/sessions/{referenceNumber}/invoices/{invoiceReferenceNumber}',
    access: ['AccessToken'],
    anyPermission: readers,
    group: 'invoiceStatus',
    handle: invoiceStatus,
  },
];

const moment = z.iso.datetime({ offset: true, local: true }).transform(momentOf).optional();

const filterSchema = z.object({
  sessionType: z.enum(['Online', 'Batch']),
  referenceNumber: z.string().length(36).optional(),
  dateCreatedFrom: moment,
  dateCreatedTo: moment,
  dateClosedFrom: moment,
  dateClosedTo: moment,
  dateModifiedFrom: moment,
  dateModifiedTo: moment,
  statuses: z.array(z.enum(['InProgress', 'Succeeded', 'Failed', 'Cancelled'])),
});

type SessionFilter = z.output<typeof filterSchema>;

/** The session a call is about, with its expiry looked at. */
export function requestedSession({ world, caller, param }: ProtectedCall): Session {
  const session = world.sessions.require(param('referenceNumber'), caller);
  expireSession(world, session);
  return session;
}

function list({ world, caller, query, request }: ProtectedCall): Answer {
  const given = { ...Object.fromEntries(query), statuses: query.getAll('statuses') };
  const filter: SessionFilter = parseInput(filterSchema, given);
  const visible = world.sessions.visibleTo(caller);
  for (const session of visible) expireSession(world, session);
  const chosen = visible.filter((session) => matches(session, filter));
  const token = request.headers['x-continuation-token'];
  const listName = `sessions ${caller.subject} ${filter.sessionType}`;
  const { page, continuationToken } = pageOf(chosen, listName, pageSizeOf(query, PAGE_SIZE_MAX), token);
  return json(200, { continuationToken, sessions: page.map(sessionItem) });
}

function matches(session: Session, filter: SessionFilter): boolean {
  if (session.kind !== filter.sessionType) return false;
  if ((filter.referenceNumber ?? session.referenceNumber) !== session.referenceNumber) return false;
  if (filter.statuses.length > 0 && !filter.statuses.includes(statusNameOf(session))) return false;
  return (
    isWithin(session.createdAt, filter.dateCreatedFrom, filter.dateCreatedTo) &&
    isWithin(session.closedAt, filter.dateClosedFrom, filter.dateClosedTo) &&
    isWithin(session.updatedAt, filter.dateModifiedFrom, filter.dateModifiedTo)
  );
}

function isWithin(at: Date | null, from: Date | undefined, to: Date | undefined): boolean {
  if (from === undefined && to === undefined) return true;
  return at !== null && (from === undefined || at >= from) && (to === undefined || at <= to);
}

function status(call: ProtectedCall): Answer {
  return json(200, sessionStatus(call.world, storageBase(call.world, call.request), requestedSession(call)));
}

function allInvoices(call: ProtectedCall): Answer {
  return listInvoices(call, 'invoices', () => true);
}

function failedInvoices(call: ProtectedCall): Answer {
  return listInvoices(call, 'failed', (invoice) => invoice.verdict.code >= 400);
}

function listInvoices(
  call: ProtectedCall,
  listName: string,
  belongs: (invoice: InvoiceRecord) => boolean,
): Answer {
  const session = requestedSession(call);
  const pageSize = pageSizeOf(call.query, PAGE_SIZE_MAX);
  const token = call.request.headers['x-continuation-token'];
  const chosen = session.invoices.filter(belongs);
  const name = `${listName} ${session.referenceNumber}`;
  const { page, continuationToken } = pageOf(chosen, name, pageSize, token);
  const base = storageBase(call.world, call.request);
  const invoices = page.map((invoice) => invoiceItem(call.world, base, session, invoice));
  return json(200, { continuationToken, invoices });
}

function invoiceStatus(call: ProtectedCall): Answer {
  const session = requestedSession(call);
  const invoice = requireInvoice(session, call.param('invoiceReferenceNumber'));
  return json(200, invoiceItem(call.world, storageBase(call.world, call.request), session, invoice));
}

export function requireInvoice(session: Session, referenceNumber: string): InvoiceRecord {
  const invoice = session.invoices.find((candidate) => candidate.referenceNumber === referenceNumber);
  if (invoice !== undefined) return invoice;
  throw badRequest(21405, `Faktura o numerze referencyjnym ${referenceNumber} nie została znaleziona.`);
}
