/** The file the state is kept in: a line for each save, of the entries that changed; the last of an entry is in force. */
import { type FileHandle, open, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Entry } from './entries.ts';

export type Journal = {
  /** These come back together or, where the process ends in the middle, not at all. */
  append(entries: readonly WrittenEntry[]): Promise<void>;
  /** Begins anew with these alone. */
  replace(entries: readonly WrittenEntry[]): Promise<void>;
  /** Whether it has grown by more than it began with. */
  isLong(): boolean;
  close(): Promise<void>;
};

/** An entry in letters that lines and gaps are not made of. */
export type WrittenEntry = string;

const HEADING = 'KSeF emulator state 1';
const GROWTH_BYTES_MIN = 32_000_000;

export function written(entry: Entry): WrittenEntry {
  return serialize(entry).toString('base64');
}

/** What was kept; empty where nothing was. A last line that was not written to its end is none. */
export async function readJournal(folder: string): Promise<Entry[]> {
  const text = await readFile(fileIn(folder), 'latin1').catch(emptyWhereMissing);
  if (text === '') return [];
  const [heading, ...lines] = text.slice(0, text.lastIndexOf('\n')).split('\n');
  if (heading !== HEADING) throw new Error(`${fileIn(folder)} is not "${HEADING}".`);
  return lines.flatMap((line) => line.split(' ').map(entryOf));
}

export function createJournal(folder: string): Journal {
  let file: FileHandle | null = null;
  let beginningBytes = 0;
  let grownBytes = 0;

  async function append(entries: readonly WrittenEntry[]): Promise<void> {
    file ??= await open(fileIn(folder), 'a');
    const bytes = Buffer.from(`${entries.join(' ')}\n`, 'latin1');
    await file.appendFile(bytes);
    grownBytes += bytes.length;
  }

  async function replace(entries: readonly WrittenEntry[]): Promise<void> {
    await close();
    const fresh = `${fileIn(folder)}.new`;
    const bytes = Buffer.from(`${[HEADING, ...entries].join('\n')}\n`, 'latin1');
    await writeFile(fresh, bytes);
    await rename(fresh, fileIn(folder));
    beginningBytes = bytes.length;
    grownBytes = 0;
  }

  async function close(): Promise<void> {
    await file?.close();
    file = null;
  }

  return { append, replace, isLong: () => grownBytes > Math.max(GROWTH_BYTES_MIN, beginningBytes), close };
}

function fileIn(folder: string): string {
  return path.join(folder, 'journal');
}

function entryOf(entry: WrittenEntry): Entry {
  return deserialize(Buffer.from(entry, 'base64'));
}

function emptyWhereMissing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}
