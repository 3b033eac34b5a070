import type { X509Certificate } from 'node:crypto';
import { badRequest } from '../http/errors.ts';
import type { SubjectIdentifierType } from './auth-token-request.ts';
import type { SubjectIdentifier } from './caller.ts';
import type { LoginMethod } from './logins.ts';

export type CertificateSubject = { identifier: SubjectIdentifier; method: LoginMethod };

const patterns = [
  { pattern: /^organizationIdentifier=VATPL-(\d{10})$/m, type: 'Nip', method: 'QualifiedSeal' },
  { pattern: /^serialNumber=TINPL-(\d{10})$/m, type: 'Nip', method: 'QualifiedSignature' },
  { pattern: /^serialNumber=PNOPL-(\d{11})$/m, type: 'Pesel', method: 'QualifiedSignature' },
] as const;

/** By its subject: VATPL of a seal, TINPL or PNOPL of a person; by its fingerprint: SHA-256 of the certificate, in hex. */
export function certificateSubject(
  certificate: X509Certificate,
  by: SubjectIdentifierType,
): CertificateSubject {
  if (by === 'certificateFingerprint') {
    const value = certificate.fingerprint256.replaceAll(':', '');
    return { identifier: { type: 'Fingerprint', value }, method: 'QualifiedSignature' };
  }
  for (const { pattern, type, method } of patterns) {
    const value = pattern.exec(certificate.subject)?.[1];
    if (value !== undefined) return { identifier: { type, value }, method };
  }
  throw badRequest(21115, 'Certyfikat nie zawiera NIP ani PESEL.');
}
