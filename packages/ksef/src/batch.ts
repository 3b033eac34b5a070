/** Batch sessions: opened with the plan of all parts, closed once every part is up. */
import { FORMS, type FormCode, type Mode, type PackageFacts, type PartUpload } from '@wsad/domain';
import { unreadableFault } from './faults.ts';
import { type Call, type Caller, contextOf } from './http.ts';
import { encryptFor, type Keyring, type PublicKey, withKey } from './keys.ts';
import { openBatchAnswer } from './schemas.ts';

export interface BatchRequest {
  readonly form: FormCode;
  readonly mode: Mode;
  readonly package: PackageFacts;
  readonly parts: readonly { ordinal: number; sizeBytes: number; sha256: string }[];
  readonly key: Buffer;
  readonly iv: Buffer;
}

export interface OpenedBatch {
  readonly reference: string;
  readonly uploads: readonly (PartUpload & { ordinal: number })[];
  readonly usableUntil: Date;
}

/** Time for uploading: this much for every part, for all of them together. Source: KSeF documentation. */
const UPLOAD_WINDOW_PER_PART_MS = 20 * 60_000;

export async function openBatch(
  world: { caller: Caller; keyring: Keyring; clock: () => Date },
  nip: string,
  accessToken: string,
  request: BatchRequest,
): Promise<OpenedBatch> {
  return withKey(world.keyring, 'SymmetricKeyEncryption', async (key) => {
    const call: Call = {
      operation: 'openBatch',
      nip,
      method: 'POST',
      path: '/sessions/batch',
      bearer: accessToken,
      json: openingOf(request, key),
    };
    const askedAt = world.clock().getTime();
    const { referenceNumber, partUploadRequests } = await world.caller.json(call, openBatchAnswer);
    const uploads = partUploadRequests
      .map(({ ordinalNumber, method, url, headers }) => ({ ordinal: ordinalNumber, method, url, headers }))
      .sort((left, right) => left.ordinal - right.ordinal);
    if (!sameOrdinals(uploads, request.parts))
      throw unreadableFault(contextOf(call), 201, 'the upload addresses do not match the parts');
    const windowMs = UPLOAD_WINDOW_PER_PART_MS * request.parts.length;
    return { reference: referenceNumber, uploads, usableUntil: new Date(askedAt + windowMs) };
  });
}

export function closeBatch(
  caller: Caller,
  nip: string,
  accessToken: string,
  reference: string,
): Promise<void> {
  return caller.done({
    operation: 'closeBatch',
    nip,
    method: 'POST',
    path: `/sessions/batch/${encodeURIComponent(reference)}/close`,
    bearer: accessToken,
    unrepeatable: true,
  });
}

/** How both kinds of session name their key. */
export function encryptionOf({ key, iv }: { key: Buffer; iv: Buffer }, publicKey: PublicKey) {
  return {
    encryptedSymmetricKey: encryptFor(publicKey, key),
    initializationVector: iv.toString('base64'),
    publicKeyId: publicKey.publicKeyId,
  };
}

export function formCodeOf(form: FormCode) {
  return { systemCode: form, ...FORMS[form] };
}

function openingOf(request: BatchRequest, publicKey: PublicKey) {
  return {
    formCode: formCodeOf(request.form),
    batchFile: {
      fileSize: request.package.sizeBytes,
      fileHash: request.package.sha256,
      compressionType: request.package.compression,
      fileParts: request.parts.map(({ ordinal, sizeBytes, sha256 }) => ({
        ordinalNumber: ordinal,
        fileSize: sizeBytes,
        fileHash: sha256,
      })),
    },
    encryption: encryptionOf(request, publicKey),
    offlineMode: request.mode === 'offline',
  };
}

function sameOrdinals(
  uploads: readonly { ordinal: number }[],
  parts: readonly { ordinal: number }[],
): boolean {
  const asked = parts.map(({ ordinal }) => ordinal).sort((left, right) => left - right);
  return uploads.length === asked.length && uploads.every(({ ordinal }, index) => ordinal === asked[index]);
}
