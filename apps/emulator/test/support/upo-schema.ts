import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { official } from './official-files.ts';

/** Throws where a receipt breaks the official schema of UPO v4-3. */
export function assertValidUpo(xml: string): void {
  using schema = XmlDocument.fromBuffer(official('schemas/upo-v4-3.xsd'));
  using validator = XsdValidator.fromDoc(schema);
  using document = XmlDocument.fromString(xml);
  validator.validate(document);
}

export function elementTexts(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map((match) => match[1] ?? '');
}
