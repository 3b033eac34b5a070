import { X509Certificate } from 'node:crypto';
import type { XmlDocument, XmlElement } from 'libxml2-wasm';
import { type ApiError, badRequest } from '../http/errors.ts';
import { childrenNamed, elementsIn, isNamed, type namespaces, strictBase64 } from './xml.ts';

/** Finds the parts of the one signature in a document, each where it has to stand. */

export type SignatureForm = 'enveloped' | 'enveloping';

export type SignatureParts = {
  form: SignatureForm;
  signature: XmlElement;
  signedInfo: XmlElement;
  signatureValue: Buffer;
  signedProperties: XmlElement;
  certificate: X509Certificate;
};

export function badSignature(detail: string): ApiError {
  return badRequest(9105, detail);
}

export function signatureParts(document: XmlDocument): SignatureParts {
  const signature = onlySignature(document);
  const { root } = document;
  const form = formOf(signature, root);
  const keyInfo = only(signature, 'ds', 'KeyInfo');
  return {
    form,
    signature,
    signedInfo: only(signature, 'ds', 'SignedInfo'),
    signatureValue: base64In(only(signature, 'ds', 'SignatureValue')),
    signedProperties: signedPropertiesOf(signature),
    certificate: certificateIn(keyInfo),
  };
}

function onlySignature(document: XmlDocument): XmlElement {
  const found = descendantsNamed(document.root, 'Signature');
  const [signature] = found;
  if (signature === undefined) throw badRequest(9102);
  if (found.length > 1) throw badRequest(9103);
  return signature;
}

function descendantsNamed(element: XmlElement, name: string): XmlElement[] {
  const own = isNamed(element, 'ds', name) ? [element] : [];
  return [...own, ...elementsIn(element).flatMap((child) => descendantsNamed(child, name))];
}

/** Enveloped: a child of the request itself. Enveloping: the root, with the request inside. Nothing else will do. */
function formOf(signature: XmlElement, root: XmlElement): SignatureForm {
  if (signature.isSameNode(root)) return 'enveloping';
  if (signature.parent?.isSameNode(root) && root.name === 'AuthTokenRequest') return 'enveloped';
  throw badRequest(9101, 'Podpis nie jest ani otoczony, ani otaczający.');
}

function signedPropertiesOf(signature: XmlElement): XmlElement {
  const qualifying = childrenNamed(signature, 'ds', 'Object').flatMap((object) =>
    childrenNamed(object, 'xades', 'QualifyingProperties'),
  );
  const [properties] = qualifying;
  if (properties === undefined || qualifying.length > 1) {
    throw badSignature('Podpis nie ma jednego elementu QualifyingProperties.');
  }
  const id = signature.attr('Id')?.value;
  if (id === undefined || properties.attr('Target')?.value !== `#${id}`) {
    throw badSignature('QualifyingProperties nie wskazuje tego podpisu.');
  }
  return only(properties, 'xades', 'SignedProperties');
}

function certificateIn(keyInfo: XmlElement): X509Certificate {
  const [found] = childrenNamed(keyInfo, 'ds', 'X509Data').flatMap((data) =>
    childrenNamed(data, 'ds', 'X509Certificate'),
  );
  const der = found && strictBase64(found.content);
  const certificate = der && readable(der);
  if (!certificate) throw badRequest(21115, 'Brak czytelnego certyfikatu w KeyInfo.');
  return certificate;
}

/** A key that Node cannot read shows only when it is asked for; what stands behind a certificate it passes over. */
function readable(der: Buffer): X509Certificate | null {
  try {
    const certificate = new X509Certificate(der);
    return certificate.publicKey.type === 'public' && certificate.raw.equals(der) ? certificate : null;
  } catch {
    return null;
  }
}

export function only(parent: XmlElement, prefix: keyof typeof namespaces, name: string): XmlElement {
  const found = childrenNamed(parent, prefix, name);
  const [element] = found;
  if (element === undefined || found.length > 1) {
    throw badSignature(`${parent.name} musi zawierać jeden element ${name}.`);
  }
  return element;
}

export function base64In(element: XmlElement): Buffer {
  const bytes = strictBase64(element.content);
  if (bytes === null) throw badSignature(`${element.name} nie jest zapisem base64.`);
  return bytes;
}

/** What an `Algorithm` attribute stands for among those allowed. */
export function algorithmOf<T>(element: XmlElement, known: ReadonlyMap<string, T>): T {
  const name = element.attr('Algorithm')?.value ?? '';
  const algorithm = known.get(name);
  if (algorithm === undefined) throw badSignature(`Niedozwolony algorytm ${name} w ${element.name}.`);
  return algorithm;
}
