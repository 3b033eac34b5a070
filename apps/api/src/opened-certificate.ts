/** A certificate as a body brings it, opened and checked; what is wrong with it is a problem with its own sentence. */
import { CertificateRefused, type OpenedCertificate, openCertificate } from '@wsad/certificate';
import { Problem } from '@wsad/domain';
import type { CertificateBody } from './schemas/credentials.ts';

export function openedCertificate(
  body: CertificateBody,
  purpose: 'login' | 'offline',
  now: Date,
): OpenedCertificate {
  const { certificatePem = '', privateKeyPem = '', pkcs12, passphrase } = body;
  const given =
    pkcs12 === undefined
      ? { certificatePem, privateKeyPem, passphrase }
      : { pkcs12: Buffer.from(pkcs12, 'base64'), passphrase };
  try {
    return openCertificate(given, purpose, now);
  } catch (error) {
    if (error instanceof CertificateRefused) throw new Problem('INVALID_CREDENTIALS', error.message);
    throw error;
  }
}
