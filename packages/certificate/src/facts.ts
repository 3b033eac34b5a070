/** What a certificate says of itself: whose it is, until when, and what for. Source: KSeF documentation, "Podpis XAdES". */
import type { X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate, KeyUsage, KeyUsageFlags } from '@peculiar/asn1-x509';
import type { CertificateFacts, CertificateKind } from '@wsad/domain';

/** Patterns by which KSeF finds a person or a company in the subject of a certificate. */
const PERSON = /(?:PNOPL|PESEL).*?\d{11}|(?:TINPL|NIP).*?\d{10}/;
const COMPANY = /VATPL.*?\d{10}/;

const KEY_USAGE = '2.5.29.15';
/** qcStatements: the mark of a qualified certificate (eIDAS). */
const QC_STATEMENTS = '1.3.6.1.5.5.7.1.3';

export function readFacts(certificate: X509Certificate): CertificateFacts {
  return {
    kind: kindOf(certificate),
    subject: certificate.subject.split('\n').join(', '),
    serialNumber: certificate.serialNumber,
    validFrom: certificate.validFromDate,
    validTo: certificate.validToDate,
  };
}

function kindOf({ subject }: X509Certificate): CertificateKind {
  const values = (type: string) => subject.split('\n').filter((line) => line.startsWith(`${type}=`));
  if (values('organizationIdentifier').some((line) => COMPANY.test(line))) return 'seal';
  return values('serialNumber').some((line) => PERSON.test(line)) ? 'personal' : 'unknown';
}

/**
 * KSeF's own certificates are of one type alone: `authentication` (digital signature) or `offline` (non-repudiation).
 * `qualified` ones of trust services may carry either; one without a key usage says nothing.
 */
export type CertificateUse = 'authentication' | 'offline' | 'qualified' | 'unknown';

export function useOf(certificate: X509Certificate): CertificateUse {
  const { extensions = [] } = AsnConvert.parse(certificate.raw, Certificate).tbsCertificate;
  if (extensions.some(({ extnID }) => extnID === QC_STATEMENTS)) return 'qualified';
  const keyUsage = extensions.find(({ extnID }) => extnID === KEY_USAGE);
  if (keyUsage === undefined) return 'unknown';
  const flags = AsnConvert.parse(keyUsage.extnValue, KeyUsage).toNumber();
  const signs = (flags & KeyUsageFlags.digitalSignature) !== 0;
  const attests = (flags & KeyUsageFlags.nonRepudiation) !== 0;
  if (signs === attests) return 'unknown';
  return signs ? 'authentication' : 'offline';
}
