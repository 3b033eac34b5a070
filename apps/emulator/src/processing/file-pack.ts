/** Files of a package on their way to whoever reads them: one behind the other, in memory that threads share. */
import { createHash } from 'node:crypto';
import { type Content, readContent } from './content.ts';
import type { FormCode } from './forms.ts';
import type { Schemas } from './schemas.ts';

export type FilePack = { bytes: Uint8Array; lengths: number[] };

export type ReadFile = { hash: string; content: Content };

export function newPack(roomBytes: number): FilePack {
  return { bytes: Buffer.from(new SharedArrayBuffer(roomBytes)), lengths: [] };
}

export function* filesOf({ bytes, lengths }: FilePack): Generator<Buffer> {
  let start = bytes.byteOffset;
  for (const length of lengths) {
    // Between threads a Buffer becomes a plain array of bytes.
    yield Buffer.from(bytes.buffer, start, length);
    start += length;
  }
}

export function readFile(bytes: Buffer, form: FormCode, schemas: Schemas | null): ReadFile {
  const hash = createHash('sha256').update(bytes).digest('base64');
  return { hash, content: readContent(bytes, form, schemas) };
}
