import { createHash, verify, type X509Certificate } from 'node:crypto';
import type { XmlElement } from 'libxml2-wasm';
import { badRequest } from '../http/errors.ts';
import { digestAlgorithms, signatureAlgorithms } from './algorithms.ts';
import { canonicalElement, canonicalizerOf } from './canonical.ts';
import { signedRequest } from './references.ts';
import {
  algorithmOf,
  badSignature,
  base64In,
  only,
  type SignatureForm,
  type SignatureParts,
  signatureParts,
} from './signature-parts.ts';
import { childrenNamed, elementsIn, parseXml } from './xml.ts';

export type VerifiedDocument = {
  /** What was signed, canonical: the request itself, or the object of the signature around it. */
  octets: Buffer;
  form: SignatureForm;
  certificate: X509Certificate;
};

const RSA_BITS_MIN = 2048;
const curves = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/** Verifies an XAdES signature, enveloped or enveloping; what is wrong with it is a 400 of the login's own codes. */
export function verifyXades(bytes: Buffer): VerifiedDocument {
  using document = parseXml(bytes);
  const parts = signatureParts(document);
  const { certificate, form } = parts;
  requireStrongKey(certificate);
  requireSigningCertificate(parts);
  const octets = signedRequest(bytes, document, parts);
  const method = only(parts.signedInfo, 'ds', 'CanonicalizationMethod');
  verifyValue(parts, canonicalElement(document, parts.signedInfo, canonicalizerOf(method)));
  return { octets, form, certificate };
}

function requireStrongKey({ publicKey }: X509Certificate): void {
  const { modulusLength = 0, namedCurve = '' } = publicKey.asymmetricKeyDetails ?? {};
  const strong =
    publicKey.asymmetricKeyType === 'rsa' ? modulusLength >= RSA_BITS_MIN : curves.has(namedCurve);
  if (!strong) throw badRequest(21115, 'Klucz certyfikatu jest za słaby lub innego rodzaju niż RSA i EC.');
}

/** The certificate of KeyInfo has to be the one that the signed properties name; its issuer's name is not compared. */
function requireSigningCertificate({ signedProperties, certificate }: SignatureParts): void {
  const properties = only(signedProperties, 'xades', 'SignedSignatureProperties');
  const digest = only(firstCertificate(properties), 'xades', 'CertDigest');
  const hash = algorithmOf(only(digest, 'ds', 'DigestMethod'), digestAlgorithms);
  const named = base64In(only(digest, 'ds', 'DigestValue'));
  if (!createHash(hash).update(certificate.raw).digest().equals(named)) {
    throw badSignature('SigningCertificate wskazuje inny certyfikat.');
  }
}

function firstCertificate(properties: XmlElement): XmlElement {
  const [signing] = [
    ...childrenNamed(properties, 'xades', 'SigningCertificate'),
    ...childrenNamed(properties, 'xades', 'SigningCertificateV2'),
  ];
  const [certificate] = signing === undefined ? [] : elementsIn(signing);
  if (certificate === undefined) throw badSignature('Brak SigningCertificate.');
  return certificate;
}

/** RSA by PKCS#1 v1.5; ECDSA as R||S, the way XMLDSig writes it. */
function verifyValue({ signedInfo, signatureValue, certificate }: SignatureParts, octets: Buffer): void {
  const { key, hash } = algorithmOf(only(signedInfo, 'ds', 'SignatureMethod'), signatureAlgorithms);
  const { publicKey } = certificate;
  if (publicKey.asymmetricKeyType !== key) throw badSignature('Algorytm podpisu nie pasuje do klucza.');
  if (!verify(hash, octets, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signatureValue)) {
    throw badSignature('Wartość podpisu nie zgadza się z treścią.');
  }
}
