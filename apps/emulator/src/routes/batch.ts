import { strikeBatch } from '../faults/troubles.ts';
import { badRequest } from '../http/errors.ts';
import { parseInput } from '../http/input.ts';
import { type Answer, json, noContent, type Operation, type ProtectedCall } from '../http/operation.ts';
import { processBatch } from '../processing/process-batch.ts';
import { expireSession } from '../sessions/expiry.ts';
import {
  type BatchSession,
  plusMinutes,
  UPLOAD_MINUTES_PER_PART,
  uploadedTooLate,
} from '../sessions/model.ts';
import {
  encryptionOf,
  type OpenBatchRequest,
  openBatchSchema,
  requireForm,
} from '../sessions/open-schemas.ts';
import { ENCRYPTED_PART_BYTES_MAX } from '../storage/receive-part.ts';
import { storageBase } from '../storage/upload-host.ts';
import type { World } from '../world.ts';

const PARTS_MAX = 50;
const senders = ['InvoiceWrite', 'EnforcementOperations'];

/** Opening and closing batch sessions; the parts between go to the storage. */
export const batchOperations: readonly Operation[] = [
  {
    method: 'POST',
    path: '/sessions/batch',
    access: ['AccessToken'],
    anyPermission: senders,
    group: 'batchSession',
    handle: open,
  },
  {
    method: 'POST',
    path: '/sessions/batch/{referenceNumber}/close',
    access: ['AccessToken'],
    anyPermission: senders,
    group: 'batchSessionClose',
    handle: close,
  },
];

function open(call: ProtectedCall): Answer {
  const { world, body } = call;
  const request = parseInput(openBatchSchema, body);
  refuseParts(request.batchFile.fileParts);
  world.keys.require(request.encryption.publicKeyId, 'SymmetricKeyEncryption');
  const session = newSession(call, request);
  world.sessions.add(session);
  return json(201, {
    referenceNumber: session.referenceNumber,
    partUploadRequests: session.parts.map(({ ordinalNumber }) => uploadRequest(call, session, ordinalNumber)),
  });
}

function refuseParts(parts: OpenBatchRequest['batchFile']['fileParts']): void {
  if (parts.length > PARTS_MAX) throw badRequest(21161, `Maksymalna liczba części to ${PARTS_MAX}.`);
  const tooLarge = parts.find((part) => part.fileSize > ENCRYPTED_PART_BYTES_MAX);
  if (tooLarge !== undefined) {
    const { ordinalNumber } = tooLarge;
    throw badRequest(21157, `Rozmiar części ${ordinalNumber} przekroczył dozwolony rozmiar 100MB.`);
  }
  const ordinals = parts.map((part) => part.ordinalNumber).sort((a, b) => a - b);
  if (ordinals.some((ordinal, place) => ordinal !== place + 1)) {
    throw badRequest(21405, 'Części muszą mieć kolejne numery od 1.');
  }
}

function newSession({ world, caller }: ProtectedCall, request: OpenBatchRequest): BatchSession {
  const now = world.clock();
  const { fileSize, fileHash, compressionType, fileParts } = request.batchFile;
  return {
    kind: 'Batch',
    referenceNumber: world.references('SB'),
    owner: caller,
    form: requireForm(request.formCode, world.settings.env),
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    status: { code: 100 },
    invoices: [],
    upoPages: [],
    offlineMode: request.offlineMode,
    archive: { fileSize, fileHash, compression: compressionType ?? 'Zip' },
    encryption: encryptionOf(request.encryption),
    parts: fileParts.toSorted((a, b) => a.ordinalNumber - b.ordinalNumber),
    stored: new Map(),
    uploadUntil: plusMinutes(now, UPLOAD_MINUTES_PER_PART * fileParts.length),
  };
}

function uploadRequest(
  { world, request }: ProtectedCall,
  session: BatchSession,
  ordinalNumber: number,
): Record<string, unknown> {
  const path = `/storage/${session.referenceNumber}/${ordinalNumber}`;
  const url = world.signer.sign(storageBase(world, request), path, 'w', session.uploadUntil);
  return { ordinalNumber, method: 'PUT', url, headers: { 'x-ms-blob-type': 'BlockBlob' } };
}

function close({ world, caller, param }: ProtectedCall): Answer {
  const session = world.sessions.requireBatch(param('referenceNumber'), caller);
  expireSession(world, session);
  if (session.status.code !== 100) {
    throw badRequest(21180, `Status sesji ${session.status.code} uniemożliwia jej zamknięcie.`);
  }
  refuseUploads(world, session);
  session.status = { code: 150 };
  session.closedAt = world.clock();
  session.updatedAt = session.closedAt;
  world.background.start(() => processBatch(world, session));
  return noContent;
}

/** A close is refused, and the session stays open, while a part is missing or of another size than declared. */
function refuseUploads(world: World, session: BatchSession): void {
  const missing = session.parts.find((part) => !session.stored.has(part.ordinalNumber));
  const isLate = missing !== undefined && world.clock() >= session.uploadUntil;
  const late = isLate ? uploadedTooLate : strikeBatch(world.troubles, session, 'closing');
  if (late !== null) {
    session.status = late;
    throw badRequest(21208, 'Sesja anulowana, przekroczony czas wysyłki.');
  }
  if (missing !== undefined) {
    throw badRequest(21205, `Nie przesłano zadeklarowanej '${missing.ordinalNumber}' części pliku.`);
  }
  const wrong = session.parts.find((part) => session.stored.get(part.ordinalNumber)?.size !== part.fileSize);
  if (wrong !== undefined) {
    const { ordinalNumber } = wrong;
    throw badRequest(21157, `Zadeklarowany rozmiar części '${ordinalNumber}' nie zgadza się z rzeczywistym.`);
  }
}
