import { constants, type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';

/** Where a document lies in the spool. */
export type DocumentRef = { offset: number; length: number };

/**
 * Invoices and receipts, appended to one file of the emulator's folder, so that memory stays bounded however many
 * there are.
 */
export type Documents = {
  /** The bytes must not change afterwards. */
  append(bytes: Buffer): Promise<DocumentRef>;
  read(ref: DocumentRef): Promise<Buffer>;
  /** Many at once, in the order given; neighbours in the file are fetched in one read. */
  readMany(refs: readonly DocumentRef[]): Promise<Buffer[]>;
  /** Resolves when everything appended is in the file. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

const BUFFER_BYTES = 1_000_000;

export async function openDocuments(folder: string): Promise<Documents> {
  const file = await open(path.join(folder, 'documents'), constants.O_CREAT | constants.O_RDWR);
  let { size: writtenBytes } = await file.stat();
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let flushing: Promise<void> = Promise.resolve();

  async function append(bytes: Buffer): Promise<DocumentRef> {
    const ref = { offset: writtenBytes + waitingBytes, length: bytes.length };
    waiting.push(bytes);
    waitingBytes += bytes.length;
    if (waitingBytes >= BUFFER_BYTES) await flush();
    return ref;
  }

  function flush(): Promise<void> {
    if (waitingBytes > 0) {
      const chunk = joined(waiting);
      const position = writtenBytes;
      writtenBytes += chunk.length;
      waiting = [];
      waitingBytes = 0;
      flushing = flushing.then(() => writeFully(file, chunk, position));
    }
    return flushing;
  }

  async function read(ref: DocumentRef): Promise<Buffer> {
    await flush();
    return readFully(file, ref);
  }

  async function readMany(refs: readonly DocumentRef[]): Promise<Buffer[]> {
    await flush();
    const start = refs.reduce((least, ref) => Math.min(least, ref.offset), Number.POSITIVE_INFINITY);
    const end = refs.reduce((most, ref) => Math.max(most, ref.offset + ref.length), 0);
    const wantedBytes = refs.reduce((sum, ref) => sum + ref.length, 0);
    if (end - start > 2 * wantedBytes) return Promise.all(refs.map((ref) => readFully(file, ref)));
    if (refs.length === 0) return [];
    const span = await readFully(file, { offset: start, length: end - start });
    return refs.map((ref) => span.subarray(ref.offset - start, ref.offset - start + ref.length));
  }

  async function close(): Promise<void> {
    await flushing;
    await file.close();
  }

  return { append, read, readMany, flush, close };
}

function joined(pieces: readonly Buffer[]): Buffer {
  const [first] = pieces;
  return first !== undefined && pieces.length === 1 ? first : Buffer.concat(pieces);
}

async function writeFully(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function readFully(file: FileHandle, { offset, length }: DocumentRef): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new Error('the document spool ended early');
    done += bytesRead;
  }
  return bytes;
}
