/** One of the threads that read the invoices of large packages. */
import { type FilePack, filesOf, type ReadFile, readFile } from './file-pack.ts';
import type { FormCode } from './forms.ts';
import { createSchemas } from './schemas.ts';

export type ReadTask = { pack: FilePack; form: FormCode; xsd: boolean };

const schemas = createSchemas();

export function readPack({ pack, form, xsd }: ReadTask): ReadFile[] {
  if (xsd) schemas.prepare(form);
  return Array.from(filesOf(pack), (bytes) => readFile(bytes, form, xsd ? schemas : null));
}
