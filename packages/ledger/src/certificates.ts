import type { CertificateFacts, CertificateKind } from '@wsad/domain';

/** What may be told of a certificate, as columns of the two tables that hold one. */
export interface CertificateRow {
  readonly certificate_kind: CertificateKind;
  readonly certificate_subject: string;
  readonly certificate_serial: string;
  readonly valid_from: Date;
  readonly valid_to: Date;
}

export const CERTIFICATE_COLUMNS =
  'certificate_kind, certificate_subject, certificate_serial, valid_from, valid_to';

/** In the order of the columns. */
export function certificateValues(facts: CertificateFacts | null): (string | Date | null)[] {
  if (facts === null) return [null, null, null, null, null];
  return [facts.kind, facts.subject, facts.serialNumber, facts.validFrom, facts.validTo];
}

/** Null for credentials that are no certificate. */
export function certificateFacts(
  row: CertificateRow | { readonly certificate_kind: null },
): CertificateFacts | null {
  if (row.certificate_kind === null) return null;
  return {
    kind: row.certificate_kind,
    subject: row.certificate_subject,
    serialNumber: row.certificate_serial,
    validFrom: row.valid_from,
    validTo: row.valid_to,
  };
}

/** A certificate with its key, both PEM. */
export interface CertificateSecret {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** Certificate and key as they are sealed: JSON. */
export function secretBytes({ certificatePem, privateKeyPem }: CertificateSecret): Buffer {
  return Buffer.from(JSON.stringify({ certificatePem, privateKeyPem }), 'utf8');
}

export function secretOf(opened: Buffer): CertificateSecret {
  const { certificatePem, privateKeyPem }: CertificateSecret = JSON.parse(opened.toString('utf8'));
  return { certificatePem, privateKeyPem };
}
