/** Private keys as people have them: PKCS#8 or older PEM, in the clear or under a passphrase. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { CertificateRefused } from './refusal.ts';

const RSA_BITS_MIN = 2048;
/** NIST P-256. */
const CURVE = 'prime256v1';

export function openKey(pem: string, passphrase: string | undefined): KeyObject {
  const encrypted = /^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: *4, *ENCRYPTED/m.test(pem);
  if (encrypted && passphrase === undefined)
    throw new CertificateRefused('The private key is encrypted: send its passphrase too.');
  try {
    return createPrivateKey({ key: pem, format: 'pem', ...(passphrase === undefined ? {} : { passphrase }) });
  } catch {
    throw new CertificateRefused(
      encrypted
        ? 'The passphrase does not open the private key.'
        : 'privateKeyPem is not a readable private key: send it as PEM (-----BEGIN PRIVATE KEY-----).',
    );
  }
}

/** What KSeF takes, narrowed to what it issues itself. Source: KSeF documentation, "Certyfikaty KSeF". */
export function refuseWeakKey({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): void {
  const { modulusLength = 0, namedCurve } = asymmetricKeyDetails ?? {};
  const good =
    (asymmetricKeyType === 'rsa' && modulusLength >= RSA_BITS_MIN) ||
    (asymmetricKeyType === 'ec' && namedCurve === CURVE);
  if (!good)
    throw new CertificateRefused(
      `The key is of a kind that KSeF does not take: it must be RSA of at least ${RSA_BITS_MIN} bits, or elliptic on the curve P-256.`,
    );
}
