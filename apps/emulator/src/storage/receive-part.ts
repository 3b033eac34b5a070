import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FastifyRequest } from 'fastify';
import { strikeBatch } from '../faults/troubles.ts';
import type { BatchSession } from '../sessions/model.ts';
import type { World } from '../world.ts';
import { discardFiles } from './discard-files.ts';

type Refused = { status: number; code: string; message: string };
type UploadRequest = FastifyRequest<{ Params: { session: string; item: string } }>;

/** One part of 100,000,000 bytes and its padding; the storage itself would take more, but not much sense in it. */
export const ENCRYPTED_PART_BYTES_MAX = 100_000_016;

/** Takes one part to the emulator's folder; a later upload of the same part replaces it. */
export async function receivePart(world: World, request: UploadRequest): Promise<Refused | null> {
  const session = world.sessions.peek(request.params.session);
  const ordinalNumber = Number(request.params.item);
  if (session?.kind !== 'Batch')
    return { status: 404, code: 'ContainerNotFound', message: 'No such session.' };
  if (session.status.code !== 100) {
    return { status: 403, code: 'AuthorizationFailure', message: 'The session takes no more parts.' };
  }
  return refuseHeaders(request) ?? (await store(world, session, ordinalNumber, request));
}

function refuseHeaders({ headers }: UploadRequest): Refused | null {
  if (headers['transfer-encoding'] !== undefined) {
    return { status: 400, code: 'UnsupportedHeader', message: 'Transfer-Encoding is not supported.' };
  }
  const blobType = headers['x-ms-blob-type'];
  if (blobType !== 'BlockBlob') {
    const code = blobType === undefined ? 'MissingRequiredHeader' : 'InvalidHeaderValue';
    return { status: 400, code, message: 'x-ms-blob-type: BlockBlob is required.' };
  }
  const length = headers['content-length'];
  if (length === undefined) {
    return { status: 411, code: 'MissingContentLengthHeader', message: 'Content-Length is required.' };
  }
  if (Number(length) > ENCRYPTED_PART_BYTES_MAX) {
    return { status: 413, code: 'RequestBodyTooLarge', message: 'The part is too large.' };
  }
  return null;
}

async function store(
  world: World,
  session: BatchSession,
  ordinalNumber: number,
  request: UploadRequest,
): Promise<Refused | null> {
  const unique = world.randomBytes(6).toString('hex');
  const name = `${session.referenceNumber}.${ordinalNumber}.${unique}`;
  const file = path.join(world.folder, name);
  const hash = createHash('sha256');
  let size = 0;
  try {
    await pipeline(
      request.raw,
      async function* measured(source: AsyncIterable<Buffer>) {
        for await (const chunk of source) {
          hash.update(chunk);
          size += chunk.length;
          yield chunk;
        }
      },
      createWriteStream(file),
    );
  } catch {
    await rm(file, { force: true });
    return { status: 400, code: 'IncompleteBody', message: 'The body ended early.' };
  }
  const replaced = session.stored.get(ordinalNumber);
  session.stored.set(ordinalNumber, { file: name, size, hash: hash.digest('base64') });
  session.status = strikeBatch(world.troubles, session, 'uploaded') ?? session.status;
  session.updatedAt = world.clock();
  if (replaced !== undefined) await discardFiles(world, [replaced.file]);
  return null;
}
