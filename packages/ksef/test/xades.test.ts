import { createHash, verify, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  describeWithOfficialFiles,
  describeWithTools,
  PERSON,
  seeded,
  type TestCertificate,
  testCertificate,
} from '@wsad/testkit';
import fc from 'fast-check';
import { XmlDocument, XmlValidateError, XsdValidator } from 'libxml2-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { authTokenRequest } from '../src/auth-token-request.ts';
import { signAuthTokenRequest } from '../src/xades.ts';
import { CHALLENGE } from './support/happy-ksef.ts';
import { isVerified, reading } from './support/signed-request.ts';
import { NIP, NOW } from './support/world.ts';

seeded();

const REQUEST = { challenge: CHALLENGE, nip: NIP };
const KEYS = ['rsa', 'ec'] as const;
const made = {} as Record<(typeof KEYS)[number], TestCertificate>;
beforeAll(async () => {
  for (const key of KEYS) made[key] = await testCertificate({ key, subject: PERSON });
});

const signedBy = (key: (typeof KEYS)[number]) => signAuthTokenRequest(REQUEST, made[key], NOW);
const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('base64');

/** Checks both digests and the signature over what libxml2, not we, finds the canonical form to be. */
function expectSigned(xml: string, { certificatePem }: TestCertificate): void {
  const certificate = new X509Certificate(certificatePem);
  reading(xml, ({ texts, canonical, canonicalWithoutSignature }) => {
    const [value = ''] = texts('//ds:SignatureValue');
    const info = canonical('//ds:SignedInfo');
    const scheme = { key: certificate.publicKey, dsaEncoding: 'ieee-p1363' as const };
    expect(verify('sha256', Buffer.from(info), scheme, Buffer.from(value, 'base64'))).toBe(true);
    expect(texts('//ds:Reference[@URI="#SignedProperties"]/ds:DigestValue')).toEqual([
      sha256(canonical('//xades:SignedProperties')),
    ]);
    expect(texts('//ds:Reference[@URI=""]/ds:DigestValue')).toEqual([sha256(canonicalWithoutSignature())]);
  });
}

describe.each(KEYS)('a request signed with a key of %s', (key) => {
  it('is signed whole, with properties that name certificate and time', () => {
    const xml = signedBy(key);
    const certificate = new X509Certificate(made[key].certificatePem);
    expectSigned(xml, made[key]);
    reading(xml, ({ texts }) => {
      expect(texts('/auth:AuthTokenRequest/auth:Challenge')).toEqual([CHALLENGE]);
      expect(texts('/auth:AuthTokenRequest/auth:ContextIdentifier/auth:Nip')).toEqual([NIP]);
      expect(texts('//auth:SubjectIdentifierType')).toEqual(['certificateSubject']);
      expect(texts('//ds:CanonicalizationMethod/@Algorithm')).toEqual([
        'http://www.w3.org/2001/10/xml-exc-c14n#',
      ]);
      expect(texts('//ds:SignatureMethod/@Algorithm')).toEqual([
        `http://www.w3.org/2001/04/xmldsig-more#${key === 'rsa' ? 'rsa' : 'ecdsa'}-sha256`,
      ]);
      expect(texts('//ds:DigestMethod/@Algorithm')).toEqual(
        Array(3).fill('http://www.w3.org/2001/04/xmlenc#sha256'),
      );
      expect(texts('//ds:SignedInfo/ds:Reference/@URI')).toEqual(['', '#SignedProperties']);
      expect(texts('//ds:Reference[@URI=""]//ds:Transform/@Algorithm')).toEqual([
        'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
        'http://www.w3.org/2001/10/xml-exc-c14n#',
      ]);
      expect(texts('//ds:Reference[@Type="http://uri.etsi.org/01903#SignedProperties"]/@URI')).toEqual([
        '#SignedProperties',
      ]);
      expect(texts('//xades:QualifyingProperties/@Target')).toEqual(['#Signature']);
      expect(texts('//ds:Signature/@Id')).toEqual(['Signature']);
      expect(texts('//xades:SigningTime')).toEqual(['2026-09-01T10:00:00.000Z']);
      expect(texts('//xades:CertDigest/ds:DigestValue')).toEqual([sha256(certificate.raw)]);
      expect(texts('//xades:IssuerSerial/ds:X509SerialNumber')).toEqual(['140185933842146704']);
      expect(texts('//xades:IssuerSerial/ds:X509IssuerName')).toEqual([
        'CN=Jan Kowalski,serialNumber=PNOPL-88102341294,SN=Kowalski,GN=Jan,C=PL',
      ]);
      expect(texts('//ds:X509Certificate')).toEqual([certificate.raw.toString('base64')]);
    });
  });

  it('signs an elliptic value as R||S', () => {
    const [value = ''] = reading(signedBy(key), ({ texts }) => texts('//ds:SignatureValue'));
    expect(Buffer.from(value, 'base64')).toHaveLength(key === 'rsa' ? 256 : 64);
  });
});

it('is signed whatever stands in challenge, NIP and names', async () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
  const spoken = fc.oneof(text, fc.constantFrom('a & b', '<x>', '"Q", s+c', ' ends \r\n', ']]>', 'Żółć;=\\'));
  const property = fc.asyncProperty(text, text, spoken, spoken, async (challenge, nip, cn, o) => {
    const certificate = await testCertificate({
      subject: [{ O: [o] }, { CN: [cn] }],
    });
    const xml = signAuthTokenRequest({ challenge, nip }, certificate, NOW);
    expectSigned(xml, certificate);
  });
  await fc.assert(property, { numRuns: 50 });
});

describeWithOfficialFiles('the schema of AuthTokenRequest 2.1', ({ root }) => {
  const faultsOf = (xml: string): string[] => {
    const schema = XmlDocument.fromBuffer(readFileSync(join(root, 'schemas', 'schemat_auth_v2-1.xsd')));
    const validator = XsdValidator.fromDoc(schema);
    const document = XmlDocument.fromString(xml);
    try {
      validator.validate(document);
      return [];
    } catch (error) {
      if (error instanceof XmlValidateError) return error.details.map(({ message }) => message);
      throw error;
    } finally {
      document.dispose();
      validator.dispose();
      schema.dispose();
    }
  };

  it('takes the request, and finds nothing strange in the signed one but the signature', () => {
    expect(faultsOf(authTokenRequest(REQUEST))).toEqual([]);
    const faults = faultsOf(signedBy('ec'));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain('Signature');
    expect(faultsOf(authTokenRequest({ ...REQUEST, nip: '1' }))).not.toEqual([]);
  });
});

describeWithTools('xmlsec1', ['xmlsec1'], () => {
  const BYTES_TRIED = 120;

  it.each(KEYS)('verifies a request signed with %s, by that certificate alone', async (key) => {
    const other = await testCertificate({ key });
    expect(isVerified(signedBy(key), made[key].certificatePem)).toBe(true);
    expect(isVerified(signedBy(key), other.certificatePem)).toBe(false);
  });

  it.each(KEYS)('refuses one signed with %s once any byte of what is signed is another', (key) => {
    const xml = Buffer.from(signedBy(key));
    const places = signedPlaces(xml);
    const property = fc.property(fc.constantFrom(...places), fc.constantFrom(1, 2, 4, 32), (place, bit) => {
      const tampered = Buffer.from(xml);
      tampered[place] = (tampered[place] ?? 0) ^ bit;
      fc.pre(signedContent(tampered) !== signedContent(xml));
      expect(isVerified(tampered, made[key].certificatePem)).toBe(false);
    });
    fc.assert(property, { numRuns: BYTES_TRIED });
  });
});

/** All that is signed; null where it is no XML any more, or none that has a canonical form. A namespace declared twice is the same content undeclared once. */
function signedContent(xml: Buffer): string | null {
  try {
    return reading(xml.toString(), ({ canonical, canonicalWithoutSignature }) =>
      [
        canonical('//ds:SignedInfo'),
        canonical('//xades:SignedProperties'),
        canonicalWithoutSignature(),
      ].join(),
    );
  } catch {
    return null;
  }
}

/** Every byte before the signature, of SignedInfo, and of SignedProperties. */
function signedPlaces(xml: Buffer): number[] {
  const range = (from: string, to: string) => {
    const start = xml.indexOf(from);
    return Array.from({ length: xml.indexOf(to) - start }, (_, index) => start + index);
  };
  return [
    ...range('<AuthTokenRequest', '<ds:Signature '),
    ...range('<ds:SignedInfo', '<ds:SignatureValue'),
    ...range('<xades:SignedProperties', '</xades:QualifyingProperties'),
  ];
}
