import type { C14NOptions, XmlDocument, XmlElement } from 'libxml2-wasm';
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
  const options: C14NOptions = { ...canonicalizer, nodeSet: new Set([element]) };
  return Buffer.from(document.canonicalizeToString(options));
}

export function canonicalDocument(document: XmlDocument, canonicalizer: Canonicalizer): Buffer {
  return Buffer.from(document.canonicalizeToString(canonicalizer));
}
