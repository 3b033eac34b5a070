import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Problem } from '@wsad/domain';
import { fromRandomAccessReaderPromise, type Options, type ZipFile } from 'yauzl';
import { ArchiveBytes, YauzlReader } from './archive-bytes.ts';

/** Archives up to this stay in memory; longer ones are read from a file that has no name any more. */
const IN_MEMORY_BYTES_MAX = 4_000_000;
const WRITE_BYTES = 1_000_000;

/** An archive that can be read anywhere, as ZIP needs: its list of contents stands at its end. */
export interface ZipSource {
  readonly bytes: ArchiveBytes;
  open(options: Options): Promise<ZipFile>;
  /** `end` is the index after the last byte. */
  stream(start: number, end: number): Readable;
  dispose(): Promise<void>;
}

/** @throws Problem NO_TEMPORARY_FILE where a long one finds no place */
export async function zipSource(
  chunks: AsyncIterable<Uint8Array>,
  inMemoryBytesMax = IN_MEMORY_BYTES_MAX,
): Promise<ZipSource> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let spool: Spool | null = null;
  try {
    for await (const chunk of chunks) {
      held.push(chunk);
      heldBytes += chunk.byteLength;
      if (heldBytes <= (spool === null ? inMemoryBytesMax : WRITE_BYTES)) continue;
      spool ??= { file: await namelessFile().catch(noPlace), bytes: 0 };
      await append(spool, held).catch(noPlace);
      held = [];
      heldBytes = 0;
    }
    if (spool === null) return inMemory(Buffer.concat(held));
    await append(spool, held).catch(noPlace);
    return inFile(spool);
  } catch (error) {
    await spool?.file.close();
    throw error;
  }
}

interface Spool {
  readonly file: FileHandle;
  bytes: number;
}

/** Removed while open, so that a crash leaves nothing of anybody's invoices behind. */
async function namelessFile(): Promise<FileHandle> {
  const path = join(tmpdir(), `wsad-intake-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}

async function append(spool: Spool, chunks: readonly Uint8Array[]): Promise<void> {
  for (const chunk of chunks) {
    await spool.file.appendFile(chunk);
    spool.bytes += chunk.byteLength;
  }
}

/** Whoever runs it can mend that: a full disk, or a folder that is missing or may only be read. */
export function noPlace(error: unknown): never {
  const why = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  const problem = new Problem('NO_TEMPORARY_FILE', `The folder for temporary files cannot be used${why}.`);
  problem.cause = error;
  throw problem;
}

function inMemory(whole: Buffer): ZipSource {
  const bytes = new ArchiveBytes(whole.byteLength, async (start, end) => whole.subarray(start, end));
  return {
    bytes,
    open: (options) => opened(bytes, options),
    stream: (start, end) => Readable.from([whole.subarray(start, end)]),
    dispose: async () => {},
  };
}

function inFile({ file, bytes: sizeBytes }: Spool): ZipSource {
  const bytes = new ArchiveBytes(sizeBytes, async (start, end) => {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafeSlow(end - start), 0, end - start, start);
    return buffer.subarray(0, bytesRead);
  });
  return {
    bytes,
    open: (options) => opened(bytes, options),
    stream: (start, end) => createReadStream('', { fd: file.fd, start, end: end - 1, autoClose: false }),
    dispose: () => file.close(),
  };
}

function opened(bytes: ArchiveBytes, options: Options): Promise<ZipFile> {
  return fromRandomAccessReaderPromise(new YauzlReader(bytes), bytes.sizeBytes, options);
}
