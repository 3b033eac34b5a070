/** A document that the API sends, into a file or to standard output. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { Ending } from './exit-codes.ts';
import { UsageError } from './failure.ts';
import type { Screen } from './screen.ts';

/** The file appears whole or not at all. With --json the answer names the file, so there has to be one. */
export async function save(
  screen: Screen,
  body: unknown,
  file: string | undefined,
  what: Readonly<Record<string, unknown>>,
): Promise<Ending> {
  const stream = Readable.fromWeb(body as ReadableStream);
  if (file === undefined) {
    if (screen.isJson) throw new UsageError('With --json, name the file for the document: -o FILE.');
    for await (const bytes of stream) screen.raw(bytes);
    return 'done';
  }
  const partial = `${file}.partial`;
  try {
    await pipeline(stream, createWriteStream(partial));
    await rename(partial, file);
  } finally {
    await rm(partial, { force: true });
  }
  screen.tell({ ending: 'done', lines: [`Written: ${file}`], json: { ...what, file } });
  return 'done';
}
