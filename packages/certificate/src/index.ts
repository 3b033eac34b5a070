export { type CertificateLink, certificateVerificationUrl } from './certificate-link.ts';
export { readFacts } from './facts.ts';
export { type GivenCertificate, type OpenedCertificate, openCertificate } from './open-certificate.ts';
export { CertificateRefused } from './refusal.ts';
