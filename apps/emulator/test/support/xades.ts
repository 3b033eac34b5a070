import { createHash, createPrivateKey, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import type { IssuedCertificate } from '../../src/index.ts';
import { certificateDer } from '../../src/keys/certificate.ts';
import { call, type Reply, replyOf, textAt } from './client.ts';
import { type Harness, WRONG_ON_PURPOSE } from './harness.ts';

/** Signed login requests written out by hand, already canonical, so that each rule can be broken alone. */

const DS = 'http://www.w3.org/2000/09/xmldsig#';
const XADES = 'http://uri.etsi.org/01903/v1.3.2#';
export const AUTH = 'http://ksef.mf.gov.pl/auth/token/2.1';
const INCLUSIVE = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const ENVELOPED = `${DS}enveloped-signature`;
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const TYPE = 'http://uri.etsi.org/01903#SignedProperties';

export function requestXml(challenge: string, context: string, subject = 'certificateSubject'): string {
  return `<AuthTokenRequest xmlns="${AUTH}"><Challenge>${challenge}</Challenge><ContextIdentifier>${context}</ContextIdentifier><SubjectIdentifierType>${subject}</SubjectIdentifierType></AuthTokenRequest>`;
}

export type Signing = {
  form?: 'enveloped' | 'enveloping';
  canonicalization?: 'inclusive' | 'exclusive';
  certificateElement?: 'SigningCertificate' | 'SigningCertificateV2';
  digestMethod?: string;
  signatureMethod?: string;
  hash?: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  /** Replaces the reference to the content. */
  contentReference?: string;
  propertiesType?: string;
  /** The certificate whose digest the signed properties hold. */
  namedCertificate?: string;
  dsaEncoding?: 'ieee-p1363' | 'der';
};

type Canonical = { inherited: string; algorithm: string };

/** Signs a request that is one line of canonical XML. */
export function signByHand(request: string, holder: IssuedCertificate, signing: Signing = {}): string {
  const { form = 'enveloped', certificateElement = 'SigningCertificateV2' } = signing;
  const certificate = new X509Certificate(holder.certificatePem);
  const inclusive = signing.canonicalization === 'inclusive';
  const inherited = inclusive && form === 'enveloped' ? ` xmlns="${AUTH}"` : '';
  const canonical: Canonical = { inherited, algorithm: inclusive ? INCLUSIVE : EXCLUSIVE };
  const named = new X509Certificate(signing.namedCertificate ?? holder.certificatePem);
  const properties = (namespaces: string): string =>
    `<xades:SignedProperties${namespaces} Id="props"><xades:SignedSignatureProperties><xades:SigningTime>2026-03-16T10:00:00Z</xades:SigningTime><xades:${certificateElement}><xades:Cert><xades:CertDigest><ds:DigestMethod Algorithm="${SHA256}"></ds:DigestMethod><ds:DigestValue>${digest(named.raw)}</ds:DigestValue></xades:CertDigest></xades:Cert></xades:${certificateElement}></xades:SignedSignatureProperties></xades:SignedProperties>`;
  const info = signedInfo(request, properties, signing, canonical);
  const signature = (body: string): string =>
    `<ds:Signature xmlns:ds="${DS}" Id="sig">${body}</ds:Signature>`;
  const value = signatureValue(info(` xmlns:ds="${DS}"`), holder, signing);
  const object = form === 'enveloping' ? `<ds:Object Id="content">${request}</ds:Object>` : '';
  const whole = signature(
    `${info(null)}<ds:SignatureValue>${value}</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate.raw.toString('base64')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo><ds:Object><xades:QualifyingProperties xmlns:xades="${XADES}" Target="#sig">${properties('')}</xades:QualifyingProperties></ds:Object>${object}`,
  );
  return form === 'enveloping'
    ? whole
    : request.replace('</AuthTokenRequest>', `${whole}</AuthTokenRequest>`);
}

function signedInfo(
  request: string,
  properties: (namespaces: string) => string,
  signing: Signing,
  { inherited, algorithm }: Canonical,
): (namespaces: string | null) => string {
  const { signatureMethod = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256' } = signing;
  const method = (name: string, value: string): string => `<ds:${name} Algorithm="${value}"></ds:${name}>`;
  const digestMethod = method('DigestMethod', signing.digestMethod ?? SHA256);
  const reference = (attributes: string, transforms: string[], value: string): string =>
    `<ds:Reference${attributes}><ds:Transforms>${transforms.map((name) => method('Transform', name)).join('')}</ds:Transforms>${digestMethod}<ds:DigestValue>${value}</ds:DigestValue></ds:Reference>`;
  const hash = signing.hash ?? 'sha256';
  const enveloping = signing.form === 'enveloping';
  const object = `<ds:Object xmlns:ds="${DS}" Id="content">${request}</ds:Object>`;
  const content =
    signing.contentReference ??
    (enveloping
      ? reference(' URI="#content"', [algorithm], digest(object, hash))
      : reference(' URI=""', [ENVELOPED, algorithm], digest(request, hash)));
  const namespaces =
    algorithm === INCLUSIVE
      ? `${inherited} xmlns:ds="${DS}" xmlns:xades="${XADES}"`
      : ` xmlns:xades="${XADES}"`;
  const canonicalProperties =
    algorithm === INCLUSIVE ? properties(namespaces) : exclusiveProperties(properties(namespaces));
  const type = signing.propertiesType ?? ` Type="${TYPE}"`;
  const props = reference(`${type} URI="#props"`, [algorithm], digest(canonicalProperties, hash));
  const body = `${method('CanonicalizationMethod', algorithm)}${method('SignatureMethod', signatureMethod)}${content}${props}`;
  return (own) => `<ds:SignedInfo${own === null ? '' : `${inherited}${own}`}>${body}</ds:SignedInfo>`;
}

/** Exclusive canonicalisation declares a prefix where it is first used. */
function exclusiveProperties(xml: string): string {
  return xml
    .replace('<ds:DigestMethod', `<ds:DigestMethod xmlns:ds="${DS}"`)
    .replace('<ds:DigestValue', `<ds:DigestValue xmlns:ds="${DS}"`);
}

function signatureValue(octets: string, { privateKeyPem }: IssuedCertificate, signing: Signing): string {
  const key = createPrivateKey(privateKeyPem);
  const { dsaEncoding = 'ieee-p1363', hash = 'sha256' } = signing;
  return sign(hash, Buffer.from(octets), { key, dsaEncoding }).toString('base64');
}

export function digest(content: string | Buffer, hash = 'sha256'): string {
  return createHash(hash).update(content).digest('base64');
}

export async function freshChallenge(harness: Harness): Promise<string> {
  return textAt((await call(harness, 'POST', '/auth/challenge')).body, 'challenge');
}

export async function postSigned(harness: Harness, xml: string | Buffer, query = ''): Promise<Reply> {
  harness.clock.advance(1000);
  const headers = { 'content-type': 'application/xml', [WRONG_ON_PURPOSE]: '1' };
  const url = `${harness.emulator.url}/v2/auth/xades-signature${query}`;
  const body = typeof xml === 'string' ? xml : new Uint8Array(xml);
  return replyOf(await fetch(url, { method: 'POST', headers, body }));
}

/** The status a login by signature comes to. */
export async function loginStatus(harness: Harness, { status, text, body }: Reply): Promise<unknown> {
  if (status !== 202) throw new Error(`login answered ${status}: ${text}`);
  const token = textAt(body, 'authenticationToken.token');
  return (await call(harness, 'GET', `/auth/${textAt(body, 'referenceNumber')}`, { token })).body;
}

/** A seal that nobody but its holder vouches for. */
export function selfSignedSeal(nip: string, modulusLength = 2048): IssuedCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
  const subject = { commonName: 'Firma', organizationIdentifier: `VATPL-${nip}` };
  const der = certificateDer({
    subject,
    issuer: subject,
    serial: Buffer.from([1]),
    validFrom: new Date('2026-01-01T00:00:00Z'),
    validTo: new Date('2027-01-01T00:00:00Z'),
    publicKey,
    signingKey: privateKey,
  });
  return {
    certificatePem: new X509Certificate(der).toString(),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
