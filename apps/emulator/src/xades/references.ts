import { createHash } from 'node:crypto';
import { type XmlDocument, XmlElement } from 'libxml2-wasm';
import {
  canonicalizations,
  defaultCanonicalization,
  digestAlgorithms,
  envelopedTransform,
  signedPropertiesType,
} from './algorithms.ts';
import { type Canonicalizer, canonicalDocument, canonicalElement, canonicalizerOf } from './canonical.ts';
import { algorithmOf, badSignature, base64In, only, type SignatureParts } from './signature-parts.ts';
import { childrenNamed, elementsIn, isNamed, parseXml } from './xml.ts';

/** What one reference of SignedInfo signs, recomputed. */
type Covered = { octets: Buffer; target: XmlElement | null; isSignedProperties: boolean };

/**
 * Recomputes every reference and answers the canonical octets of the request, as they were signed: only these are
 * read afterwards, so nothing can be put in beside them.
 */
export function signedRequest(bytes: Buffer, document: XmlDocument, parts: SignatureParts): Buffer {
  const references = childrenNamed(parts.signedInfo, 'ds', 'Reference');
  const covered = references.map((reference) => recompute(bytes, document, reference));
  requireSignedProperties(covered, parts.signedProperties);
  const content = covered.find(({ target }) => coversRequest(target, parts));
  if (content === undefined) throw badSignature('Podpis nie obejmuje całego dokumentu.');
  return content.octets;
}

function recompute(bytes: Buffer, document: XmlDocument, reference: XmlElement): Covered {
  const uri = reference.attr('URI')?.value;
  const target = uri === '' ? null : elementById(document, uri);
  const { enveloped, canonicalizer } = transformsOf(reference);
  if (enveloped !== (target === null)) {
    throw badSignature('Przekształcenie enveloped-signature dotyczy całego dokumentu i tylko jego.');
  }
  const octets =
    target === null ? canonicalRest(bytes, canonicalizer) : canonicalElement(document, target, canonicalizer);
  const hash = algorithmOf(only(reference, 'ds', 'DigestMethod'), digestAlgorithms);
  const digest = createHash(hash).update(octets).digest();
  if (!digest.equals(base64In(only(reference, 'ds', 'DigestValue')))) {
    throw badSignature(`Skrót odwołania "${uri}" nie zgadza się z treścią.`);
  }
  return { octets, target, isSignedProperties: reference.attr('Type')?.value === signedPropertiesType };
}

/** A reference stays within the document, and its Id belongs to one element. */
function elementById(document: XmlDocument, uri: string | undefined): XmlElement {
  if (!uri?.startsWith('#')) throw badSignature('Odwołanie wskazuje poza dokument.');
  const id = uri.slice(1);
  const found = document
    .find('//*[@Id or @ID or @id]')
    .filter((node) => node instanceof XmlElement)
    .filter((element) => ['Id', 'ID', 'id'].some((name) => element.attr(name)?.value === id));
  const [element] = found;
  if (element === undefined || found.length > 1) {
    throw badSignature(`Odwołanie "${uri}" nie wskazuje dokładnie jednego elementu.`);
  }
  return element;
}

function transformsOf(reference: XmlElement): { enveloped: boolean; canonicalizer: Canonicalizer } {
  const [list] = childrenNamed(reference, 'ds', 'Transforms');
  const transforms = list === undefined ? [] : elementsIn(list);
  const isEnveloped = (transform: XmlElement | undefined): boolean =>
    transform?.attr('Algorithm')?.value === envelopedTransform;
  const enveloped = isEnveloped(transforms[0]);
  const [canonical, ...surplus] = transforms.slice(enveloped ? 1 : 0);
  if (surplus.length > 0) throw badSignature('Zbyt wiele przekształceń.');
  if (canonical === undefined) return { enveloped, canonicalizer: defaultCanonicalization };
  algorithmOf(canonical, canonicalizations);
  return { enveloped, canonicalizer: canonicalizerOf(canonical) };
}

/** The document without its signature, from a copy of its own. */
function canonicalRest(bytes: Buffer, canonicalizer: Canonicalizer): Buffer {
  using copy = parseXml(bytes);
  for (const signature of childrenNamed(copy.root, 'ds', 'Signature')) signature.remove();
  return canonicalDocument(copy, { ...canonicalizer, withComments: false });
}

function requireSignedProperties(covered: readonly Covered[], signedProperties: XmlElement): void {
  const named = covered.filter(({ isSignedProperties }) => isSignedProperties);
  const [reference] = named;
  if (named.length !== 1 || !reference?.target?.isSameNode(signedProperties)) {
    throw badSignature('Podpis nie obejmuje swoich SignedProperties.');
  }
}

/** The whole document but for the signature, or the object of the signature that holds the request. */
function coversRequest(target: XmlElement | null, { form, signature }: SignatureParts): boolean {
  if (form === 'enveloped') return target === null;
  if (target === null || !isNamed(target, 'ds', 'Object') || !target.parent?.isSameNode(signature))
    return false;
  return elementsIn(target).some(({ name }) => name === 'AuthTokenRequest');
}
