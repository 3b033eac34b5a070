/** The file the state is kept in: a line for each entry that changed, the last one of an entry being the one in force. */
import { type FileHandle, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Entry } from './entries.ts';

export type Journal = {
  append(lines: readonly string[]): Promise<void>;
  /** Begins anew with these lines alone. */
  replace(lines: readonly string[]): Promise<void>;
  /** Whether more lines have come since it began than it then had. */
  isLong(): boolean;
  close(): Promise<void>;
};

const HEADING = 'KSeF emulator state 1';
const GROWTH_BYTES_MIN = 32_000_000;

export function lineOf(entry: Entry): string {
  return serialize(entry).toString('base64');
}

/** What was kept; empty where nothing was. A last line that was not written to its end is none. */
export async function readJournal(folder: string): Promise<Entry[]> {
  const text = await readFile(fileIn(folder), 'latin1').catch(emptyWhereMissing);
  if (text === '') return [];
  const [heading, ...lines] = text.slice(0, text.lastIndexOf('\n')).split('\n');
  if (heading !== HEADING) throw new Error(`${fileIn(folder)} is not "${HEADING}".`);
  return lines.map(entryOf);
}

export function createJournal(folder: string): Journal {
  let file: FileHandle | null = null;
  let beginningBytes = 0;
  let grownBytes = 0;

  async function append(lines: readonly string[]): Promise<void> {
    file ??= await open(fileIn(folder), 'a');
    const bytes = Buffer.from(textOf(lines), 'latin1');
    await file.appendFile(bytes);
    grownBytes += bytes.length;
  }

  async function replace(lines: readonly string[]): Promise<void> {
    await close();
    const fresh = `${fileIn(folder)}.new`;
    const bytes = Buffer.from(textOf([HEADING, ...lines]), 'latin1');
    const written = await open(fresh, 'w');
    await written.writeFile(bytes).finally(() => written.close());
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

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function entryOf(line: string): Entry {
  return deserialize(Buffer.from(line, 'base64'));
}

function emptyWhereMissing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}
