// @peculiar/x509 asks for it.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  PemConverter,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** One attribute by its type, short or as an OID, with its values. */
export type SubjectAttribute = Readonly<Record<string, readonly string[]>>;

export interface TestCertificateOptions {
  /** `ec` is P-256, `ec384` P-384; `rsa` has 2048 bits, `rsa1024` 1024. */
  key?: 'rsa' | 'rsa1024' | 'ec' | 'ec384';
  /** Attributes by type, in their order; a company's seal by default. */
  subject?: readonly SubjectAttribute[];
  /** As KSeF tells its two types apart; `none` says nothing. `qualified` is a natural person's from a trust service. */
  usage?: 'authentication' | 'offline' | 'qualified' | 'none';
  validFrom?: Date;
  validTo?: Date;
  serialNumber?: string;
}

export interface TestCertificate {
  certificatePem: string;
  /** PKCS#8. */
  privateKeyPem: string;
}

export const COMPANY_SEAL: readonly SubjectAttribute[] = [
  { C: ['PL'] },
  { O: ['Przykładowa sp. z o.o.'] },
  { '2.5.4.97': ['VATPL-5265877635'] },
  { CN: ['Przykładowa'] },
];
export const PERSON: readonly SubjectAttribute[] = [
  { C: ['PL'] },
  { '2.5.4.42': ['Jan'] },
  { '2.5.4.4': ['Kowalski'] },
  { '2.5.4.5': ['PNOPL-88102341294'] },
  { CN: ['Jan Kowalski'] },
];

const KEYS = {
  rsa: rsaOf(2048),
  rsa1024: rsaOf(1024),
  ec: { name: 'ECDSA', namedCurve: 'P-256' },
  ec384: { name: 'ECDSA', namedCurve: 'P-384' },
};
const USAGES = {
  authentication: KeyUsageFlags.digitalSignature,
  offline: KeyUsageFlags.nonRepudiation,
  qualified: KeyUsageFlags.nonRepudiation,
};
/** qcStatements with the one statement that a certificate is qualified. */
const QUALIFIED = new Extension('1.3.6.1.5.5.7.1.3', false, Buffer.from('300a3008060604008e460101', 'hex'));

/** A self-signed certificate with its key, as KSeF's TEST environment takes them. */
export async function testCertificate(options: TestCertificateOptions = {}): Promise<TestCertificate> {
  const { key = 'ec', subject = COMPANY_SEAL, usage = 'authentication' } = options;
  const keys = await webcrypto.subtle.generateKey(KEYS[key], true, ['sign', 'verify']);
  const extensions = [
    ...(usage === 'none' ? [] : [new KeyUsagesExtension(USAGES[usage], true)]),
    ...(usage === 'qualified' ? [QUALIFIED] : []),
  ];
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: nameOf(subject),
    keys,
    serialNumber: options.serialNumber ?? '01F20A5D352AE590',
    notBefore: options.validFrom ?? new Date('2026-01-01T00:00:00Z'),
    notAfter: options.validTo ?? new Date('2028-01-01T00:00:00Z'),
    signingAlgorithm: { ...KEYS[key], hash: 'SHA-256' },
    extensions,
  });
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certificatePem: certificate.toString('pem'),
    privateKeyPem: PemConverter.encode(pkcs8, 'PRIVATE KEY'),
  };
}

function rsaOf(modulusLength: number) {
  return {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
}

/** As UTF-8 strings, whatever characters they hold. */
function nameOf(subject: readonly SubjectAttribute[]): Name {
  return new Name(
    subject.map((attribute) =>
      Object.fromEntries(
        Object.entries(attribute).map(([type, values]) => [
          type,
          values.map((utf8String) => ({ utf8String })),
        ]),
      ),
    ),
  );
}
