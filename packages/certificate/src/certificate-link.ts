/**
 * KOD II: the link that proves who issued an invoice offline, signed with a KSeF certificate of type Offline.
 * Source: KSeF documentation, "Kody QR".
 */
import { constants, createPrivateKey, sign } from 'node:crypto';

export interface CertificateLink {
  /** The context in which the issuer acts. */
  readonly contextNip: string;
  /** NIP of Podmiot1. */
  readonly issuerNip: string;
  /** Of the invoice, base64. */
  readonly sha256: string;
  readonly serialNumber: string;
  readonly privateKeyPem: string;
}

/** Each call signs anew: two links for one invoice differ in their signatures, and both are good. */
export function certificateVerificationUrl(qrHost: string, link: CertificateLink): string {
  const hash = Buffer.from(link.sha256, 'base64').toString('base64url');
  const url = [qrHost, 'certificate/Nip', link.contextNip, link.issuerNip, link.serialNumber, hash].join('/');
  return `${url}/${signatureOf(url, link.privateKeyPem)}`;
}

const SALT_BYTES = 32;

/** Over the address without its protocol: RSASSA-PSS with SHA-256 and a salt of 32 bytes, or ECDSA as R||S. */
function signatureOf(url: string, privateKeyPem: string): string {
  const key = createPrivateKey(privateKeyPem);
  const scheme =
    key.asymmetricKeyType === 'rsa'
      ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: SALT_BYTES }
      : { key, dsaEncoding: 'ieee-p1363' as const };
  return sign('sha256', Buffer.from(url.replace(/^https?:\/\//, '')), scheme).toString('base64url');
}
