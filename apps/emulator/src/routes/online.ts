import { createHash } from 'node:crypto';
import { badRequest } from '../http/errors.ts';
import { parseInput } from '../http/input.ts';
import { type Answer, json, noContent, type Operation, type ProtectedCall } from '../http/operation.ts';
import { processInvoice } from '../processing/process-invoice.ts';
import { expireSession } from '../sessions/expiry.ts';
import { finishOnline } from '../sessions/finish-online.ts';
import {
  type InvoiceRecord,
  type OnlineSession,
  plusMinutes,
  SESSION_HOURS,
  type SentInvoice,
} from '../sessions/model.ts';
import {
  encryptionOf,
  openOnlineSchema,
  requireForm,
  type SendInvoiceRequest,
  sendInvoiceSchema,
} from '../sessions/open-schemas.ts';
import { utcTimestamp } from '../warsaw.ts';
import type { World } from '../world.ts';

const senders = ['InvoiceWrite', 'PefInvoiceWrite', 'EnforcementOperations'];

/** Interactive sessions: opened, fed with single invoices, closed. */
export const onlineOperations: readonly Operation[] = [
  {
    method: 'POST',
    path: '/sessions/online',
    access: ['AccessToken'],
    anyPermission: senders,
    group: 'onlineSession',
    handle: open,
  },
  {
    method: 'POST',
    path: '/sessions/online/{referenceNumber}/invoices',
    access: ['AccessToken'],
    anyPermission: senders,
    group: 'invoiceSend',
    handle: sendInvoice,
  },
  {
    method: 'POST',
    path: '/sessions/online/{referenceNumber}/close',
    access: ['AccessToken'],
    anyPermission: senders,
    group: 'onlineSessionClose',
    handle: close,
  },
];

function open({ world, caller, body }: ProtectedCall): Answer {
  const request = parseInput(openOnlineSchema, body);
  const form = requireForm(request.formCode, world.settings.env);
  const encryption = encryptionOf(request.encryption);
  world.keys.require(encryption.publicKeyId, 'SymmetricKeyEncryption');
  const now = world.clock();
  const key = openKey(world, encryption);
  const session: OnlineSession = {
    kind: 'Online',
    referenceNumber: world.references('SO'),
    owner: caller,
    form,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    status: key === null ? { code: 415 } : { code: 100 },
    invoices: [],
    upoPages: [],
    key,
    validUntil: plusMinutes(now, SESSION_HOURS * 60),
    pending: 0,
  };
  world.sessions.add(session);
  return json(201, {
    referenceNumber: session.referenceNumber,
    validUntil: utcTimestamp(session.validUntil),
  });
}

function openKey(world: World, encryption: ReturnType<typeof encryptionOf>): OnlineSession['key'] {
  const { encryptedSymmetricKey, initializationVector, publicKeyId } = encryption;
  const bytes = world.keys.decrypt('SymmetricKeyEncryption', encryptedSymmetricKey, publicKeyId);
  return bytes?.length === 32 && initializationVector.length === 16 ? { bytes, initializationVector } : null;
}

function sendInvoice({ world, caller, param, body }: ProtectedCall): Answer {
  const session = world.sessions.requireOnline(param('referenceNumber'), caller);
  expireSession(world, session);
  if (session.status.code !== 100) {
    throw badRequest(21180, `Status sesji ${session.status.code} uniemożliwia wysyłkę faktur.`);
  }
  const request = parseInput(sendInvoiceSchema, body);
  refuseTooMany(world, session);
  const encrypted = checkedContent(request);
  refuseCorrection(world, request.hashOfCorrectedInvoice);

  const waiting = sentInvoice(request, encrypted);
  const record = newRecord(world, session, request, waiting);
  session.invoices.push(record);
  session.updatedAt = record.invoicingDate;
  session.pending += 1;
  world.background.start(() => processInvoice(world, session, record, waiting));
  return json(202, { referenceNumber: record.referenceNumber });
}

function refuseTooMany(world: World, session: OnlineSession): void {
  const { maxInvoices } = world.testdata.sessionLimits(session.owner.context).onlineSession;
  if (session.invoices.length < maxInvoices) return;
  throw badRequest(
    21155,
    `Sesja o numerze referencyjnym ${session.referenceNumber} osiągnęła dozwolony limit liczby faktur ${maxInvoices}.`,
  );
}

function checkedContent(request: SendInvoiceRequest): Buffer {
  const encrypted = Buffer.from(request.encryptedInvoiceContent, 'base64');
  if (encrypted.length !== request.encryptedInvoiceSize) {
    throw badRequest(21402, 'Długość treści nie zgadza się z rozmiarem pliku.');
  }
  if (createHash('sha256').update(encrypted).digest('base64') !== request.encryptedInvoiceHash) {
    throw badRequest(21403, 'Skrót treści nie zgadza się ze skrótem pliku.');
  }
  return encrypted;
}

/** A technical correction replaces a refused invoice, once. */
function refuseCorrection(world: World, correctedHash: string | null | undefined): void {
  if (correctedHash === null || correctedHash === undefined) return;
  if (world.memory.corrected.has(correctedHash)) {
    throw badRequest(21166, 'Faktura posiada już przetworzoną prawidłowo korektę techniczną.');
  }
  if (world.registry.byHash(correctedHash) !== undefined) {
    throw badRequest(21167, 'Nie można wysłać korekty technicznej do prawidłowo przetworzonej faktury.');
  }
}

/** invoicingDate of an interactive invoice is the moment it was sent. */
function newRecord(
  world: World,
  session: OnlineSession,
  request: SendInvoiceRequest,
  waiting: SentInvoice,
): InvoiceRecord {
  return {
    ordinalNumber: session.invoices.length + 1,
    referenceNumber: world.references('EE'),
    invoiceHash: request.invoiceHash,
    fileName: null,
    invoiceNumber: null,
    ksefNumber: null,
    sellerNip: null,
    issueDate: null,
    invoicingDate: world.clock(),
    acquisitionDate: null,
    mode: null,
    verdict: { code: 100 },
    waiting,
  };
}

function sentInvoice(request: SendInvoiceRequest, encrypted: Buffer): SentInvoice {
  const { invoiceSize: size, invoiceHash: hash, offlineMode, hashOfCorrectedInvoice } = request;
  return { encrypted, size, hash, offlineMode, hashOfCorrected: hashOfCorrectedInvoice ?? null };
}

function close({ world, caller, param }: ProtectedCall): Answer {
  const session = world.sessions.requireOnline(param('referenceNumber'), caller);
  expireSession(world, session);
  if (session.status.code !== 100) {
    throw badRequest(21180, `Status sesji ${session.status.code} uniemożliwia jej zamknięcie.`);
  }
  finishOnline(world, session);
  return noContent;
}
