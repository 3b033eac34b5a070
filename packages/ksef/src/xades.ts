/**
 * XAdES-BES, enveloped, over an AuthTokenRequest. The document is wholly ours, so every part that is hashed is written
 * in its canonical form (exclusive C14N) from the start: namespaces are declared where canonical XML would put them,
 * attributes stand in its order, and no element is empty. Source: KSeF documentation, "Podpis XAdES"; XAdES 1.3.2.
 */
import { createHash, createPrivateKey, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { type AuthTokenRequest, authTokenRequest } from './auth-token-request.ts';
import { escapeText } from './canonical-xml.ts';

export interface SigningCertificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

const DS = 'http://www.w3.org/2000/09/xmldsig#';
const XADES = 'http://uri.etsi.org/01903/v1.3.2#';
const EXCLUSIVE_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const SIGNATURE_METHODS: Readonly<Record<string, string>> = {
  rsa: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  ec: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
};
/** Of XAdES: the reference with this type is the one to the signed properties. */
const SIGNED_PROPERTIES_TYPE = 'http://uri.etsi.org/01903#SignedProperties';

/** The signed document, UTF-8 without a prolog. */
export function signAuthTokenRequest(
  request: AuthTokenRequest,
  { certificatePem, privateKeyPem }: SigningCertificate,
  signedAt: Date,
): string {
  const certificate = new X509Certificate(certificatePem);
  const key = createPrivateKey(privateKeyPem);
  const properties = signedProperties(certificate, signedAt);
  const info = signedInfo(key, sha256(authTokenRequest(request)), sha256(properties));
  return authTokenRequest(request, signature(info, signatureValue(key, info), certificate, properties));
}

function signature(info: string, value: string, certificate: X509Certificate, properties: string): string {
  return [
    `<ds:Signature xmlns:ds="${DS}" Id="Signature">`,
    info,
    `<ds:SignatureValue>${value}</ds:SignatureValue>`,
    `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate.raw.toString('base64')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`,
    `<ds:Object><xades:QualifyingProperties xmlns:xades="${XADES}" Target="#Signature">`,
    properties,
    '</xades:QualifyingProperties></ds:Object>',
    '</ds:Signature>',
  ].join('');
}

function signedInfo(key: KeyObject, documentDigest: string, propertiesDigest: string): string {
  return [
    `<ds:SignedInfo xmlns:ds="${DS}">`,
    algorithm('CanonicalizationMethod', EXCLUSIVE_C14N),
    algorithm('SignatureMethod', signatureMethod(key)),
    // The empty URI is the whole document.
    '<ds:Reference URI="">',
    `<ds:Transforms>${algorithm('Transform', ENVELOPED)}${algorithm('Transform', EXCLUSIVE_C14N)}</ds:Transforms>`,
    digest(documentDigest),
    '</ds:Reference>',
    `<ds:Reference Type="${SIGNED_PROPERTIES_TYPE}" URI="#SignedProperties">`,
    `<ds:Transforms>${algorithm('Transform', EXCLUSIVE_C14N)}</ds:Transforms>`,
    digest(propertiesDigest),
    '</ds:Reference>',
    '</ds:SignedInfo>',
  ].join('');
}

/** `ds` is declared on each of its elements here: in the canonical form of this part no element above them does. */
function signedProperties(certificate: X509Certificate, signedAt: Date): string {
  const ds = ` xmlns:ds="${DS}"`;
  return [
    `<xades:SignedProperties xmlns:xades="${XADES}" Id="SignedProperties">`,
    '<xades:SignedSignatureProperties>',
    `<xades:SigningTime>${signedAt.toISOString()}</xades:SigningTime>`,
    '<xades:SigningCertificate><xades:Cert>',
    `<xades:CertDigest>${digest(sha256(certificate.raw), ds)}</xades:CertDigest>`,
    '<xades:IssuerSerial>',
    `<ds:X509IssuerName${ds}>${escapeText(distinguishedName(certificate.issuer))}</ds:X509IssuerName>`,
    `<ds:X509SerialNumber${ds}>${BigInt(`0x${certificate.serialNumber}`)}</ds:X509SerialNumber>`,
    '</xades:IssuerSerial>',
    '</xades:Cert></xades:SigningCertificate>',
    '</xades:SignedSignatureProperties>',
    '</xades:SignedProperties>',
  ].join('');
}

function digest(value: string, ds = ''): string {
  return `${algorithm('DigestMethod', SHA256, ds)}<ds:DigestValue${ds}>${value}</ds:DigestValue>`;
}

function algorithm(element: string, uri: string, ds = ''): string {
  return `<ds:${element}${ds} Algorithm="${uri}"></ds:${element}>`;
}

function signatureMethod({ asymmetricKeyType }: KeyObject): string {
  const method = SIGNATURE_METHODS[asymmetricKeyType ?? ''];
  if (method === undefined) throw new Error(`no XML signature with a key of type ${asymmetricKeyType}`);
  return method;
}

/** RSASSA-PKCS1-v1_5, or ECDSA as R||S, which XML signatures want instead of DER. */
function signatureValue(key: KeyObject, info: string): string {
  return sign('sha256', Buffer.from(info), { key, dsaEncoding: 'ieee-p1363' }).toString('base64');
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('base64');
}

/** Node writes one attribute a line, first things first; RFC 4514 wants them in one line, last things first. */
function distinguishedName(lines: string): string {
  return lines
    .split('\n')
    .reverse()
    .map((attribute) => attribute.replaceAll(' + ', '+'))
    .join(',');
}
