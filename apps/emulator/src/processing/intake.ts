import { createHash } from 'node:crypto';
import type { Content } from './content.ts';
import type { DocumentRef, Documents } from './documents.ts';
import type { ReadAhead } from './read-ahead.ts';
import { SessionFailure } from './session-failure.ts';

/** A file of the package; too big a one is hashed but not kept. */
export type PackedFile = {
  name: string;
  hash: string;
  size: number;
  document: DocumentRef | null;
  /** null where nobody has read it yet. */
  content: Content | null;
};

/** What an archive may hold, and where its files go. */
export type UnpackLimits = { documents: Documents; maxFiles: number; readAhead: ReadAhead | null };

/** Takes the files of an archive one by one; fails the session where one breaks the rules. */
export type Intake = {
  files: PackedFile[];
  take(name: string, content: AsyncIterable<unknown>): Promise<void>;
};

const NAME_CHARACTERS_MAX = 128;
const KEPT_BYTES_MAX = 10_000_000;
const UNPACKED_BYTES_MAX = 30_000_000_000;

export function createIntake({ documents, maxFiles, readAhead }: UnpackLimits): Intake {
  const files: PackedFile[] = [];
  const names = new Set<string>();
  let unpackedBytes = 0;

  async function take(name: string, content: AsyncIterable<unknown>): Promise<void> {
    refuseName(name, names);
    names.add(name);
    if (files.length >= maxFiles) throw new SessionFailure(420, [`Dozwolona liczba faktur: ${maxFiles}.`]);
    const hash = createHash('sha256');
    const kept: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of content) {
      if (!(chunk instanceof Uint8Array)) throw new TypeError('an archive holds bytes');
      hash.update(chunk);
      size += chunk.length;
      unpackedBytes += chunk.length;
      if (unpackedBytes > UNPACKED_BYTES_MAX) throw new SessionFailure(430, ['Archiwum jest zbyt duże.']);
      if (size <= KEPT_BYTES_MAX) kept.push(chunk);
    }
    const file: PackedFile = { name, hash: hash.digest('base64'), size, document: null, content: null };
    files.push(file);
    if (size > KEPT_BYTES_MAX) return;
    const bytes = Buffer.concat(kept);
    file.document = await documents.append(bytes);
    await readAhead?.take(bytes, (content) => {
      file.content = content;
    });
  }

  return { files, take };
}

function refuseName(name: string, taken: Set<string>): void {
  const flat = !/[/\\\0]/.test(name) && name !== '.' && name !== '..';
  if (!flat) throw new SessionFailure(430, [`Niedozwolona ścieżka w archiwum: ${name}`]);
  if (name.length > NAME_CHARACTERS_MAX) throw new SessionFailure(430, [`Zbyt długa nazwa pliku: ${name}`]);
  if (!/\.xml$/i.test(name)) throw new SessionFailure(430, [`Plik nie jest fakturą XML: ${name}`]);
  if (taken.has(name)) throw new SessionFailure(430, [`Powtórzona nazwa pliku: ${name}`]);
}
