import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { PackagePart } from './encrypted-part.ts';
import { refusal } from './errors.ts';

const CHUNK_BYTES = 256 * 1024;

/**
 * A fresh stream of the part's encrypted bytes, exactly `sizeBytes` of them, as often as it is asked for.
 * A file is opened when reading starts and closed when it ends or the stream is destroyed. The stream
 * fails with ArchiveError ARCHIVE_PART_CHANGED where the file is gone or has another size.
 */
export function openPart(part: PackagePart): Readable {
  const { content } = part;
  const bytes = 'bytes' in content ? [content.bytes] : bytesIn(content.path, part);
  return Readable.from(bytes, { objectMode: false, highWaterMark: CHUNK_BYTES });
}

async function* bytesIn(path: string, part: PackagePart): AsyncGenerator<Buffer> {
  const file = await opened(path, part);
  try {
    let leftBytes = part.sizeBytes;
    while (leftBytes > 0) {
      const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, leftBytes));
      const { bytesRead } = await file.read(chunk);
      if (bytesRead === 0) throw refusal.partChanged(part.ordinal);
      leftBytes -= bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function opened(path: string, part: PackagePart): Promise<FileHandle> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? refusal.partChanged(part.ordinal) : error;
  });
  const { size } = await file.stat();
  if (size === part.sizeBytes) return file;
  await file.close();
  throw refusal.partChanged(part.ordinal);
}
