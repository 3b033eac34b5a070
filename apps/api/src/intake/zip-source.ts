import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fromFdPromise, fromRandomAccessReaderPromise, type Options, type ZipFile } from 'yauzl';
import { MemoryReader } from './memory-reader.ts';

/** Archives up to this stay in memory; longer ones are read from a file that has no name any more. */
const IN_MEMORY_BYTES_MAX = 32_000_000;
const WRITE_BYTES = 1_000_000;

/** An archive that can be read anywhere, as ZIP needs: its list of contents stands at its end. */
export interface ZipSource {
  open(options: Options): Promise<ZipFile>;
  /** `end` is the index after the last byte. */
  read(start: number, end: number): Promise<Buffer>;
  stream(start: number, end: number): Readable;
  dispose(): Promise<void>;
}

export async function zipSource(chunks: AsyncIterable<Uint8Array>): Promise<ZipSource> {
  const held: Uint8Array[] = [];
  let heldBytes = 0;
  let spool: FileHandle | null = null;
  try {
    for await (const chunk of chunks) {
      held.push(chunk);
      heldBytes += chunk.byteLength;
      if (heldBytes <= (spool === null ? IN_MEMORY_BYTES_MAX : WRITE_BYTES)) continue;
      spool ??= await namelessFile();
      await spool.write(Buffer.concat(held));
      held.length = 0;
      heldBytes = 0;
    }
    if (spool === null) return inMemory(Buffer.concat(held));
    await spool.write(Buffer.concat(held));
    return inFile(spool);
  } catch (error) {
    await spool?.close();
    throw error;
  }
}

/** Removed while open, so that a crash leaves nothing of anybody's invoices behind. */
async function namelessFile(): Promise<FileHandle> {
  const path = join(tmpdir(), `wsad-intake-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}

function inMemory(bytes: Buffer): ZipSource {
  return {
    open: (options) => fromRandomAccessReaderPromise(new MemoryReader(bytes), bytes.byteLength, options),
    read: async (start, end) => bytes.subarray(start, end),
    stream: (start, end) => Readable.from([bytes.subarray(start, end)]),
    dispose: async () => {},
  };
}

function inFile(file: FileHandle): ZipSource {
  return {
    open: (options) => fromFdPromise(file.fd, { ...options, autoClose: false }),
    async read(start, end) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
      return buffer.subarray(0, bytesRead);
    },
    stream: (start, end) => createReadStream('', { fd: file.fd, start, end: end - 1, autoClose: false }),
    dispose: () => file.close(),
  };
}
