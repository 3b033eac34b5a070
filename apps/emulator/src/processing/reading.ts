/** Has the files of a package read while it is still being taken apart, a pack of them at a time. */
import type { DocumentRef, Documents } from './documents.ts';
import { type FilePack, newPack, type ReadFile } from './file-pack.ts';

/** A file that has been read, and where it lies. */
export type FiledFile = ReadFile & { document: DocumentRef };

export type Reading = {
  /** Copies the bytes. Resolves when more may come: what waits to be read is bounded. */
  take(bytes: Uint8Array, tell: (file: FiledFile) => void): Promise<void>;
  /** Resolves when everything taken has been read. */
  done(): Promise<void>;
};

/** Reads packs of about so many bytes, up to so many at a time. */
export type PackReader = {
  packBytes: number;
  packsAtOnce: number;
  read(pack: FilePack): Promise<ReadFile[]>;
};

type Filling = { pack: FilePack; usedBytes: number; tell: ((file: FiledFile) => void)[] };

export function createReading(documents: Documents, reader: PackReader): Reading {
  const reading = new Set<Promise<void>>();
  let filling = begin(0);

  async function take(bytes: Uint8Array, tell: (file: FiledFile) => void): Promise<void> {
    if (filling.usedBytes + bytes.length > filling.pack.bytes.length) {
      hand(filling);
      filling = begin(Math.max(bytes.length, reader.packBytes));
      // Two for each thread: one is read, and the next one is at hand.
      if (reading.size >= 2 * reader.packsAtOnce) await Promise.race(reading);
    }
    filling.pack.bytes.set(bytes, filling.usedBytes);
    filling.pack.lengths.push(bytes.length);
    filling.tell.push(tell);
    filling.usedBytes += bytes.length;
  }

  function hand(filled: Filling): void {
    if (filled.tell.length === 0) return;
    const work = fileAndRead(filled).finally(() => reading.delete(work));
    // A failure is met where it is awaited, and that may be later.
    work.catch(() => undefined);
    reading.add(work);
  }

  async function fileAndRead({ pack, usedBytes, tell }: Filling): Promise<void> {
    const [{ offset }, files] = await Promise.all([
      documents.append(Buffer.from(pack.bytes.buffer, 0, usedBytes)),
      reader.read(pack),
    ]);
    let start = offset;
    for (const [place, file] of files.entries()) {
      const length = pack.lengths[place] ?? 0;
      tell[place]?.({ ...file, document: { offset: start, length } });
      start += length;
    }
  }

  async function done(): Promise<void> {
    hand(filling);
    filling = begin(0);
    await Promise.all(reading);
  }

  return { take, done };
}

function begin(roomBytes: number): Filling {
  return { pack: newPack(roomBytes), usedBytes: 0, tell: [] };
}
