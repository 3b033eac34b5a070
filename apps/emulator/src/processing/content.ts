/** What an invoice file says by itself: a function of its bytes, so that any thread can read it. */
import { readInvoiceFile } from './file-rules.ts';
import type { FormCode } from './forms.ts';
import { type InvoiceFacts, readFacts } from './invoice-facts.ts';
import type { Schemas } from './schemas.ts';

export type Content =
  | { readable: false; faults: string[] }
  | { readable: true; facts: InvoiceFacts | null; schemaFaults: string[] };

/** Without schemas nothing is compared with the XSD. */
export function readContent(bytes: Buffer, form: FormCode, schemas: Schemas | null): Content {
  const file = readInvoiceFile(bytes);
  if (file.faults !== null) return { readable: false, faults: file.faults };
  using document = file.document;
  return {
    readable: true,
    facts: readFacts(document, form),
    schemaFaults: schemas?.faults(document, form) ?? [],
  };
}
