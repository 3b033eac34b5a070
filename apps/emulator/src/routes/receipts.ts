import { contextNip } from '../auth/caller.ts';
import { badRequest } from '../http/errors.ts';
import type { Answer, Operation, ProtectedCall } from '../http/operation.ts';
import type { RegisteredInvoice } from '../processing/registry.ts';
import { invoiceUpo } from '../sessions/receipts.ts';
import { requestedSession, requireInvoice } from './session-queries.ts';

const readers = ['InvoiceWrite', 'Introspection', 'PefInvoiceWrite', 'EnforcementOperations'];

/** Receipts and invoices as documents, byte for byte, each with its hash. */
export const receiptOperations: readonly Operation[] = [
  {
    method: 'GET',
    path: '/sessions/{referenceNumber}/upo/{upoReferenceNumber}',
    access: ['AccessToken'],
    anyPermission: readers,
    group: 'sessionMisc',
    handle: sessionUpo,
  },
  {
    method: 'GET',
    path: '/sessions/{referenceNumber}/invoices/{invoiceReferenceNumber}/upo',
    access: ['AccessToken'],
    anyPermission: readers,
    group: 'sessionMisc',
    handle: upoByReference,
  },
  {
    method: 'GET',
    path: '/sessions/{referenceNumber}/invoices/ksef/{ksefNumber}/upo',
    access: ['AccessToken'],
    anyPermission: readers,
    group: 'sessionMisc',
    handle: upoByKsefNumber,
  },
  {
    method: 'GET',
    path: '/invoices/ksef/{ksefNumber}',
    access: ['AccessToken'],
    anyPermission: ['InvoiceRead'],
    group: 'invoiceDownload',
    handle: invoiceByKsefNumber,
  },
];

async function sessionUpo(call: ProtectedCall): Promise<Answer> {
  const session = requestedSession(call);
  const wanted = call.param('upoReferenceNumber');
  const page = session.upoPages.find((candidate) => candidate.referenceNumber === wanted);
  if (page === undefined) throw noUpo(`UPO o numerze referencyjnym ${wanted}`, session.referenceNumber);
  return xmlDocument(await call.world.documents.read(page.document), page.hash);
}

function upoByReference(call: ProtectedCall): Answer {
  const session = requestedSession(call);
  const wanted = call.param('invoiceReferenceNumber');
  const upo = invoiceUpo(session, requireInvoice(session, wanted));
  if (upo === null) throw noUpo(`UPO faktury ${wanted}`, session.referenceNumber);
  return xmlDocument(upo.xml, upo.hash);
}

function upoByKsefNumber(call: ProtectedCall): Answer {
  const session = requestedSession(call);
  const wanted = call.param('ksefNumber');
  const invoice = session.invoices.find((candidate) => candidate.ksefNumber === wanted);
  const upo = invoice === undefined ? null : invoiceUpo(session, invoice);
  if (upo === null) throw noUpo(`UPO o numerze KSeF ${wanted}`, session.referenceNumber);
  return xmlDocument(upo.xml, upo.hash);
}

async function invoiceByKsefNumber({ world, caller, param }: ProtectedCall): Promise<Answer> {
  const ksefNumber = param('ksefNumber');
  const invoice = world.registry.byKsefNumber(ksefNumber);
  if (invoice === undefined || !isParty(invoice, contextNip(caller.context))) {
    throw badRequest(21164, `Faktura o numerze KSeF ${ksefNumber} nie została znaleziona.`);
  }
  return xmlDocument(await world.documents.read(invoice.document), invoice.sha256);
}

function isParty(invoice: RegisteredInvoice, nip: string | null): boolean {
  return nip !== null && (nip === invoice.nip || nip === invoice.buyerNip);
}

function noUpo(what: string, sessionReference: string): Error {
  return badRequest(21178, `${what} dla sesji ${sessionReference} nie zostało znalezione.`);
}

function xmlDocument(body: Buffer, hash: string): Answer {
  return { status: 200, type: 'application/xml', headers: { 'x-ms-meta-hash': hash }, body };
}
