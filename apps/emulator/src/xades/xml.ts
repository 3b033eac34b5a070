import { isUtf8 } from 'node:buffer';
import { ParseOption, XmlDocument, XmlElement, XmlLibError, XmlText } from 'libxml2-wasm';
import { badRequest } from '../http/errors.ts';

/** The small reading of XML that signatures need: parsing without outside help, children by name, strict base64. */

export const namespaces = {
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  xades: 'http://uri.etsi.org/01903/v1.3.2#',
} as const;

/** A document type is refused: it could give attributes and entities that no signature covers. */
export function parseXml(bytes: Buffer): XmlDocument {
  if (!isUtf8(bytes)) throw badRequest(21217);
  const document = wellFormed(bytes);
  if (document.dtd === null) return document;
  document.dispose();
  throw badRequest(9101, 'Definicja DTD jest niedozwolona.');
}

function wellFormed(bytes: Buffer): XmlDocument {
  try {
    const option = ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NONET;
    return XmlDocument.fromBuffer(bytes, { option });
  } catch (error) {
    if (!(error instanceof XmlLibError)) throw error;
    throw badRequest(21001, ...error.details.map(({ message }) => message.trim()));
  }
}

export function elementsIn(parent: XmlElement): XmlElement[] {
  const elements: XmlElement[] = [];
  for (let node = parent.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement) elements.push(node);
  }
  return elements;
}

/** Whether there is text between the elements of one that should hold elements alone. */
export function hasOwnText(parent: XmlElement): boolean {
  for (let node = parent.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlText && node.content.trim() !== '') return true;
  }
  return false;
}

export function isNamed(element: XmlElement, prefix: keyof typeof namespaces, name: string): boolean {
  return element.name === name && element.namespaceUri === namespaces[prefix];
}

export function childrenNamed(
  parent: XmlElement,
  prefix: keyof typeof namespaces,
  name: string,
): XmlElement[] {
  return elementsIn(parent).filter((element) => isNamed(element, prefix, name));
}

/** The bytes of a base64 text, line breaks allowed, or null where a lenient reader would have to guess. */
export function strictBase64(text: string): Buffer | null {
  const dense = text.replace(/\s+/g, '');
  const bytes = Buffer.from(dense, 'base64');
  return dense !== '' && bytes.toString('base64') === dense ? bytes : null;
}
