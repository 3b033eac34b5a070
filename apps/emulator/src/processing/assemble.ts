import { createDecipheriv, createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { BatchSession, StoredPart } from '../sessions/model.ts';
import type { World } from '../world.ts';
import { SessionFailure } from './session-failure.ts';

const KEY_BYTES = 32;
const IV_BYTES = 16;

/** Joins the decrypted parts of a session into its archive file, checking every declared hash and size. */
export async function assembleArchive(world: World, session: BatchSession): Promise<string> {
  const key = openKey(world, session);
  const parts = checkedParts(session);
  const archiveFile = path.join(world.folder, `${session.referenceNumber}.archive`);
  const archive = await open(archiveFile, 'w');
  const hash = createHash('sha256');
  let size = 0;
  try {
    for (const part of parts) {
      for await (const chunk of decrypted(world, part, key, session.encryption.initializationVector)) {
        hash.update(chunk);
        size += chunk.length;
        await archive.write(chunk);
      }
    }
  } finally {
    await archive.close();
  }
  if (size !== session.archive.fileSize) throw new SessionFailure(405, ['Nieprawidłowy rozmiar paczki.']);
  if (hash.digest('base64') !== session.archive.fileHash) {
    throw new SessionFailure(405, ['Nieprawidłowy skrót paczki.']);
  }
  return archiveFile;
}

function openKey(world: World, { encryption }: BatchSession): Buffer {
  const { encryptedSymmetricKey, publicKeyId } = encryption;
  const key = world.keys.decrypt('SymmetricKeyEncryption', encryptedSymmetricKey, publicKeyId);
  if (key === null || key.length !== KEY_BYTES) throw new SessionFailure(415);
  if (encryption.initializationVector.length !== IV_BYTES) throw new SessionFailure(415);
  return key;
}

function checkedParts(session: BatchSession): StoredPart[] {
  return session.parts.map((declared) => {
    const stored = session.stored.get(declared.ordinalNumber);
    if (stored === undefined || stored.hash !== declared.fileHash) {
      throw new SessionFailure(405, [`Nieprawidłowy skrót części ${declared.ordinalNumber}.`]);
    }
    return stored;
  });
}

async function* decrypted(world: World, part: StoredPart, key: Buffer, iv: Buffer): AsyncGenerator<Buffer> {
  const decipher = createDecipheriv('aes-256-cbc', key, iv);
  for await (const chunk of createReadStream(path.join(world.folder, part.file))) {
    yield decipher.update(chunk);
  }
  yield lastBlock(decipher);
}

function lastBlock(decipher: ReturnType<typeof createDecipheriv>): Buffer {
  try {
    return decipher.final();
  } catch {
    throw new SessionFailure(435);
  }
}
