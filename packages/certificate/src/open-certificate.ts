/** A certificate and its key as somebody sent them: opened, checked, and left as plain PEM to be sealed. */
import { type KeyObject, X509Certificate } from 'node:crypto';
import type { CertificateFacts } from '@wsad/domain';
import { type CertificateUse, readFacts, useOf } from './facts.ts';
import { openKey, refuseWeakKey } from './keys.ts';
import { openPkcs12 } from './pkcs12.ts';
import { CertificateRefused } from './refusal.ts';

export type GivenCertificate =
  | {
      /** May hold a chain: the certificate that the key belongs to is used. */
      readonly certificatePem: string;
      readonly privateKeyPem: string;
      readonly passphrase?: string | undefined;
    }
  | { readonly pkcs12: Buffer; readonly passphrase?: string | undefined };

export interface OpenedCertificate {
  readonly certificatePem: string;
  /** PKCS#8, decrypted: a secret. */
  readonly privateKeyPem: string;
  readonly facts: CertificateFacts;
}

/** What it is to be used for: logging in, or KOD II of offline invoices. */
export type CertificatePurpose = 'login' | 'offline';

/** Throws CertificateRefused with the sentence that tells why. */
export function openCertificate(
  given: GivenCertificate,
  purpose: CertificatePurpose,
  now: Date,
): OpenedCertificate {
  const { certificate, key } = 'pkcs12' in given ? fromPkcs12(given) : fromPem(given);
  const facts = readFacts(certificate);
  refuseWeakKey(key);
  refuseOutOfDate(facts, now);
  refuseOtherUse(useOf(certificate), purpose);
  if (facts.kind === 'unknown') throw new CertificateRefused(NOBODY);
  return {
    certificatePem: certificate.toString(),
    privateKeyPem: key.export({ format: 'pem', type: 'pkcs8' }).toString(),
    facts,
  };
}

const NOBODY =
  'The certificate does not say whose it is in a way that KSeF knows: its subject must carry a PESEL or NIP (serialNumber PNOPL-… or TINPL-…), or the NIP of a company (organizationIdentifier VATPL-…).';

interface Pair {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

function fromPem(given: Extract<GivenCertificate, { certificatePem: string }>): Pair {
  const certificates = readCertificates(given.certificatePem);
  return pairOf(certificates, [openKey(given.privateKeyPem, given.passphrase)]);
}

function fromPkcs12({ pkcs12, passphrase }: Extract<GivenCertificate, { pkcs12: Buffer }>): Pair {
  const { certificates, keys } = openPkcs12(pkcs12, passphrase);
  if (certificates.length === 0) throw new CertificateRefused('The PKCS#12 file holds no certificate.');
  if (keys.length === 0) throw new CertificateRefused('The PKCS#12 file holds no private key.');
  return pairOf(certificates, keys);
}

function readCertificates(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    if (blocks.length > 0) return blocks.map((block) => new X509Certificate(block));
  } catch {
    // The sentence below is for both.
  }
  throw new CertificateRefused(
    'certificatePem is not a readable certificate: send it as PEM (-----BEGIN CERTIFICATE-----).',
  );
}

function pairOf(certificates: readonly X509Certificate[], keys: readonly KeyObject[]): Pair {
  for (const certificate of certificates) {
    const key = keys.find((each) => certificate.checkPrivateKey(each));
    if (key !== undefined) return { certificate, key };
  }
  throw new CertificateRefused('The private key does not belong to the certificate.');
}

function refuseOutOfDate({ validFrom, validTo }: CertificateFacts, now: Date): void {
  if (now >= validTo) throw new CertificateRefused(`The certificate expired on ${dayOf(validTo)}.`);
  if (now < validFrom)
    throw new CertificateRefused(`The certificate is valid from ${dayOf(validFrom)}: put it then.`);
}

function refuseOtherUse(use: CertificateUse, purpose: CertificatePurpose): void {
  if (purpose === 'login' && use === 'offline')
    throw new CertificateRefused(
      'This is a KSeF certificate of type Offline: it signs QR codes and cannot log in. Send one of type Authentication.',
    );
  if (purpose === 'offline' && (use === 'authentication' || use === 'qualified'))
    throw new CertificateRefused(
      'KOD II wants a KSeF certificate of type Offline, and this is one for logging in and signing.',
    );
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
