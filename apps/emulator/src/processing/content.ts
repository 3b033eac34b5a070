/** What an invoice file says by itself: a function of its bytes, so that any thread can read it. */
import { parseInvoiceFile, type ReadFile, readInvoiceFile } from './file-rules.ts';
import type { FormCode } from './forms.ts';
import { type InvoiceFacts, readFacts } from './invoice-facts.ts';
import { readPlainInvoice } from './plain-invoice.ts';
import type { Schemas } from './schemas.ts';

export type Content =
  | { readable: false; faults: string[] }
  | { readable: true; facts: InvoiceFacts | null; schemaFaults: string[] };

/** Without schemas nothing is compared with the XSD. */
export function readContent(bytes: Buffer, form: FormCode, schemas: Schemas | null): Content {
  const plain = readPlainInvoice(bytes, form);
  if (plain === null) return readParsed(readInvoiceFile(bytes), form, schemas);
  if (schemas === null) return { readable: true, facts: plain, schemaFaults: [] };
  return readParsed(parseInvoiceFile(bytes), form, schemas, plain);
}

/** What the parsed file says; its facts are looked for in it where they are not known. */
export function readParsed(
  file: ReadFile,
  form: FormCode,
  schemas: Schemas | null,
  known: InvoiceFacts | null = null,
): Content {
  if (file.faults !== null) return { readable: false, faults: file.faults };
  using document = file.document;
  return {
    readable: true,
    facts: known ?? readFacts(document, form),
    schemaFaults: schemas?.faults(document, form) ?? [],
  };
}
