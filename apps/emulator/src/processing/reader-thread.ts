/** One of the threads that read the invoices of large packages. */
import { type Content, readContent } from './content.ts';
import type { FormCode } from './forms.ts';
import { createSchemas } from './schemas.ts';

export type ReadTask = { files: readonly Uint8Array[]; form: FormCode; xsd: boolean };

const schemas = createSchemas();

export function readFiles({ files, form, xsd }: ReadTask): Content[] {
  return files.map((file) => readContent(asBuffer(file), form, xsd ? schemas : null));
}

/** Between threads a Buffer becomes a plain array of bytes. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
