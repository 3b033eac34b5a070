/**
 * Files on their way, in a folder of their own: its name is the Idempotency-Key of their one call. Files come into it
 * before the call and leave it with their verdict, and what was answered is written down in between: whenever the
 * program dies, the next one repeats the very same call, or finds its answer.
 */
import { randomUUID } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Schemas } from '@wsad/client';
import { makeFolder } from './make-folder.ts';

export interface CallOptions {
  readonly nip: string;
  readonly offline: boolean;
  readonly urgent: boolean;
  readonly onBehalf: boolean;
}

export interface FileAnswer {
  readonly name: string;
  readonly invoices: readonly Schemas['SubmittedInvoice'][];
}

export interface BatchRecord {
  readonly call: CallOptions;
  /** Null while the call is not answered. */
  readonly answer: { readonly submissionId: string; readonly files: readonly FileAnswer[] } | null;
}

const RECORD = '.batch.json';

export async function openFolders(root: string): Promise<void> {
  for (const name of ['sending', 'sent', 'refused']) await makeFolder(join(root, name));
}

/** Keys of the batches under way. */
export async function batchKeys(root: string): Promise<string[]> {
  return (await readdir(join(root, 'sending'))).sort();
}

export async function claim(root: string, names: readonly string[], call: CallOptions): Promise<string> {
  const key = randomUUID();
  await mkdir(folderOf(root, key));
  await writeRecord(root, key, { call, answer: null });
  for (const name of names) await rename(join(root, name), join(folderOf(root, key), name));
  return key;
}

/** Null where the program died before the folder had anything in it. */
export async function readRecord(root: string, key: string): Promise<BatchRecord | null> {
  const text = await readFile(join(folderOf(root, key), RECORD), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as BatchRecord);
}

export async function writeRecord(root: string, key: string, record: BatchRecord): Promise<void> {
  await writeWhole(join(folderOf(root, key), RECORD), JSON.stringify(record));
}

/** In the order in which they go, and went. */
export async function filesOf(root: string, key: string): Promise<{ path: string; name: string }[]> {
  const names = (await readdir(folderOf(root, key))).filter((name) => !name.startsWith('.')).sort();
  return names.map((name) => ({ name, path: join(folderOf(root, key), name) }));
}

/** Where it lies then. A name that is taken there gets the batch's mark, the same one however often this is repeated. */
export async function place(
  root: string,
  key: string,
  name: string,
  into: 'sent' | 'refused',
  story: Readonly<Record<string, unknown>>,
): Promise<string> {
  const plain = join(root, into, name);
  const isTaken = await access(plain).then(
    () => true,
    () => false,
  );
  const target = isTaken ? join(root, into, markedName(name, key)) : plain;
  await writeWhole(`${target}.json`, `${JSON.stringify({ file: name, ...story }, null, 2)}\n`);
  await rename(join(folderOf(root, key), name), target);
  return target;
}

export async function removeBatch(root: string, key: string): Promise<void> {
  await rm(folderOf(root, key), { recursive: true });
}

function folderOf(root: string, key: string): string {
  return join(root, 'sending', key);
}

function markedName(name: string, key: string): string {
  return name.replace(/(\.[^.]*)$/, `~${key.slice(0, 8)}$1`);
}

async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.partial`, text, { flush: true });
  await rename(`${path}.partial`, path);
}
