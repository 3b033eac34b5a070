import { createHash } from 'node:crypto';
import type { Content } from './content.ts';
import type { DocumentRef } from './documents.ts';
import type { Reading } from './reading.ts';
import { SessionFailure } from './session-failure.ts';

/** A file of the package; too big a one is hashed but neither kept nor read. */
export type PackedFile = {
  name: string;
  hash: string;
  size: number;
  document: DocumentRef | null;
  content: Content | null;
};

/** Takes the files of an archive one by one; fails the session where one breaks the rules. */
export type Intake = {
  take(name: string, content: AsyncIterable<unknown>): Promise<void>;
  /** A file whose bytes are all there; they may be used again afterwards. */
  takeWhole(name: string, bytes: Uint8Array): Promise<void>;
  /** Resolves when all of them have been read. */
  done(): Promise<PackedFile[]>;
};

const NAME_CHARACTERS_MAX = 128;
export const KEPT_BYTES_MAX = 10_000_000;
const UNPACKED_BYTES_MAX = 30_000_000_000;

export function createIntake(reading: Reading, maxFiles: number): Intake {
  const files: PackedFile[] = [];
  const names = new Set<string>();
  let unpackedBytes = 0;

  function admit(name: string): void {
    refuseName(name, names);
    names.add(name);
    if (names.size > maxFiles) throw new SessionFailure(420, [`Dozwolona liczba faktur: ${maxFiles}.`]);
  }

  function count(bytes: number): void {
    unpackedBytes += bytes;
    if (unpackedBytes > UNPACKED_BYTES_MAX) throw new SessionFailure(430, ['Archiwum jest zbyt duże.']);
  }

  async function take(name: string, content: AsyncIterable<unknown>): Promise<void> {
    admit(name);
    const hash = createHash('sha256');
    const kept: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of content) {
      if (!(chunk instanceof Uint8Array)) throw new TypeError('an archive holds bytes');
      size += chunk.length;
      count(chunk.length);
      hash.update(chunk);
      if (size <= KEPT_BYTES_MAX) kept.push(chunk);
    }
    if (size <= KEPT_BYTES_MAX) return read(name, Buffer.concat(kept));
    files[names.size - 1] = { name, hash: hash.digest('base64'), size, document: null, content: null };
  }

  async function takeWhole(name: string, bytes: Uint8Array): Promise<void> {
    admit(name);
    count(bytes.length);
    await read(name, bytes);
  }

  /** Its place is known at once, what is in it later. */
  async function read(name: string, bytes: Uint8Array): Promise<void> {
    const place = names.size - 1;
    const size = bytes.length;
    await reading.take(bytes, (file) => {
      files[place] = { name, size, ...file };
    });
  }

  async function done(): Promise<PackedFile[]> {
    await reading.done();
    return files;
  }

  return { take, takeWhole, done };
}

function refuseName(name: string, taken: Set<string>): void {
  const flat = !/[/\\\0]/.test(name) && name !== '.' && name !== '..';
  if (!flat) throw new SessionFailure(430, [`Niedozwolona ścieżka w archiwum: ${name}`]);
  if (name.length > NAME_CHARACTERS_MAX) throw new SessionFailure(430, [`Zbyt długa nazwa pliku: ${name}`]);
  if (!/\.xml$/i.test(name)) throw new SessionFailure(430, [`Plik nie jest fakturą XML: ${name}`]);
  if (taken.has(name)) throw new SessionFailure(430, [`Powtórzona nazwa pliku: ${name}`]);
}
