/** One batch of files as one call. */
import { readFile } from 'node:fs/promises';
import type { Client, HandedIn, Schemas, SendOptions } from '@wsad/client';
import { type FoundFile, isArchive } from './collect.ts';

export async function handIn(
  client: Client,
  nip: string,
  batch: readonly Pick<FoundFile, 'path' | 'name'>[],
  options: SendOptions,
): Promise<Schemas['Submitted']> {
  return await client.send(nip, await contentOf(batch), options);
}

/** An archive is always alone in its batch. */
async function contentOf(batch: readonly Pick<FoundFile, 'path' | 'name'>[]): Promise<HandedIn> {
  const files = [];
  for (const { path, name } of batch) files.push({ name, bytes: await readFile(path) });
  const [first] = files;
  return first !== undefined && isArchive(first.name) ? first.bytes : files;
}
