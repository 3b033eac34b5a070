import {
  createPrivateKey,
  generateKeyPair,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock, RandomBytes } from '../options.ts';
import { certificateDer, type DistinguishedName } from './certificate.ts';

/** The certificate authority of this emulator: it issues what clients sign logins with, and signs receipts itself. */
export type Authority = {
  certificate: X509Certificate;
  privateKey: KeyObject;
  issue(request: CertificateOrder): Promise<IssuedCertificate>;
  /** Whether this authority issued the certificate. */
  issued(certificate: X509Certificate): boolean;
};

export type CertificateOrder = {
  kind: 'personal' | 'seal';
  /** Who it names: a NIP, or (personal alone) a PESEL. */
  nip?: string | undefined;
  pesel?: string | undefined;
  key: 'rsa' | 'ec';
  /** Default: a day ago. */
  validFrom?: Date | undefined;
  /** Default: in two years. */
  validTo?: Date | undefined;
};

export type IssuedCertificate = { certificatePem: string; privateKeyPem: string };

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 7300;
const CERTIFICATE_DAYS = 730;
const authorityName: DistinguishedName = {
  country: 'PL',
  organization: 'KSeF emulator',
  commonName: 'KSeF emulator CA',
};
const generate = promisify(generateKeyPair);

/** Certificate (DER) and private key (PEM). */
export type AuthorityKeys = { certificate: Buffer; privateKey: string };

/** Works with the keys it is given, and makes them where there are none. */
export function createAuthority(
  memory: { authority: AuthorityKeys | null },
  clock: Clock,
  randomBytes: RandomBytes,
): Authority {
  memory.authority ??= freshAuthority(clock, randomBytes);
  const certificate = new X509Certificate(memory.authority.certificate);
  const privateKey = createPrivateKey(memory.authority.privateKey);

  async function issue(order: CertificateOrder): Promise<IssuedCertificate> {
    const keys = await keyPair(order.key);
    const issuedDer = certificateDer({
      subject: subjectOf(order),
      issuer: authorityName,
      serial: randomBytes(16),
      validFrom: order.validFrom ?? daysFrom(clock(), -1),
      validTo: order.validTo ?? daysFrom(clock(), CERTIFICATE_DAYS),
      publicKey: keys.publicKey,
      signingKey: privateKey,
    });
    return {
      certificatePem: new X509Certificate(issuedDer).toString(),
      privateKeyPem: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
  }

  return {
    certificate,
    privateKey,
    issue,
    issued: (other) => other.verify(certificate.publicKey),
  };
}

function freshAuthority(clock: Clock, randomBytes: RandomBytes): AuthorityKeys {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = certificateDer({
    subject: authorityName,
    issuer: authorityName,
    serial: randomBytes(16),
    validFrom: daysFrom(clock(), -AUTHORITY_DAYS),
    validTo: daysFrom(clock(), AUTHORITY_DAYS),
    publicKey,
    signingKey: privateKey,
    authority: true,
  });
  return { certificate, privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function keyPair(kind: CertificateOrder['key']): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  if (kind === 'ec') return generate('ec', { namedCurve: 'P-256' });
  return generate('rsa', { modulusLength: 2048 });
}

/** The subject as Polish trust services write it: TINPL or PNOPL of a person, VATPL of an organisation. */
function subjectOf({ kind, nip, pesel }: CertificateOrder): DistinguishedName {
  if (kind === 'seal') {
    return {
      country: 'PL',
      commonName: `Firma ${nip}`,
      organization: `Firma ${nip}`,
      organizationIdentifier: `VATPL-${nip}`,
    };
  }
  return {
    country: 'PL',
    commonName: 'Jan Kowalski',
    givenName: 'Jan',
    surname: 'Kowalski',
    serialNumber: nip === undefined ? `PNOPL-${pesel}` : `TINPL-${nip}`,
  };
}

function daysFrom(moment: Date, days: number): Date {
  return new Date(moment.getTime() + days * DAY_MS);
}
