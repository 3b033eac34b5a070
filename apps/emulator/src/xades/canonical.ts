import { type C14NOptions, type XmlDocument, type XmlElement, XmlError } from 'libxml2-wasm';
import { badRequest } from '../http/errors.ts';
import { type Canonicalization, canonicalizations, exclusiveNamespace } from './algorithms.ts';
import { algorithmOf } from './signature-parts.ts';
import { elementsIn } from './xml.ts';

/** Canonical XML of a whole document or of one element in it; the element brings the namespaces it inherits. */

export type Canonicalizer = Canonicalization & { inclusiveNamespacePrefixes?: string[] };

/** The canonicalisation that a CanonicalizationMethod or Transform names, with its list of prefixes. */
export function canonicalizerOf(method: XmlElement): Canonicalizer {
  const canonicalization = algorithmOf(method, canonicalizations);
  const list = elementsIn(method).find(
    ({ name, namespaceUri }) => name === 'InclusiveNamespaces' && namespaceUri === exclusiveNamespace,
  );
  const prefixes = list?.attr('PrefixList')?.value.trim();
  if (!prefixes) return canonicalization;
  return { ...canonicalization, inclusiveNamespacePrefixes: prefixes.split(/\s+/) };
}

export function canonicalElement(
  document: XmlDocument,
  element: XmlElement,
  canonicalizer: Canonicalizer,
): Buffer {
  return canonical(document, { ...canonicalizer, nodeSet: new Set([element]) });
}

export function canonicalDocument(document: XmlDocument, canonicalizer: Canonicalizer): Buffer {
  return canonical(document, canonicalizer);
}

/** Well-formed XML may have no canonical form, as with a namespace that is a relative address: then nothing is signed. */
function canonical(document: XmlDocument, options: C14NOptions): Buffer {
  try {
    return Buffer.from(document.canonicalizeToString(options));
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw badRequest(9105, 'Dokument nie ma postaci kanonicznej.');
  }
}
