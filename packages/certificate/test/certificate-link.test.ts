import { constants, verify, X509Certificate } from 'node:crypto';
import { testCertificate } from '@wsad/testkit';
import { describe, expect, it } from 'vitest';
import { certificateVerificationUrl } from '../src/index.ts';

const HOST = 'https://qr-test.ksef.mf.gov.pl';
/** The example of KSeF's documentation. */
const SIGNED =
  'qr-test.ksef.mf.gov.pl/certificate/Nip/1111111111/1111111111/01F20A5D352AE590/UtQp9Gpc51y-u3xApZjIjgkpZ01js-J8KflSPW8WzIE';

async function made(key: 'rsa' | 'ec') {
  const { certificatePem, privateKeyPem } = await testCertificate({ key, usage: 'offline' });
  const certificate = new X509Certificate(certificatePem);
  const url = certificateVerificationUrl(HOST, {
    contextNip: '1111111111',
    issuerNip: '1111111111',
    sha256: Buffer.from('UtQp9Gpc51y-u3xApZjIjgkpZ01js-J8KflSPW8WzIE', 'base64url').toString('base64'),
    serialNumber: certificate.serialNumber,
    privateKeyPem,
  });
  return {
    url,
    signature: Buffer.from(url.split('/').at(-1) ?? '', 'base64url'),
    key: certificate.publicKey,
  };
}

describe('KOD II', () => {
  it('is the address of the example with the signature at its end', async () => {
    const { url } = await made('ec');
    expect(url).toMatch(/\/[A-Za-z0-9_-]{86}$/);
    expect(url.replace(/\/[^/]*$/, '')).toBe(`https://${SIGNED}`);
  });

  it('is signed as RSASSA-PSS with a salt of 32 bytes', async () => {
    const { signature, key } = await made('rsa');
    const scheme = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    expect(verify('sha256', Buffer.from(SIGNED), scheme, signature)).toBe(true);
    expect(verify('sha256', Buffer.from(`https://${SIGNED}`), scheme, signature)).toBe(false);
  });

  it('is signed as ECDSA, R||S', async () => {
    const { signature, key } = await made('ec');
    const scheme = { key, dsaEncoding: 'ieee-p1363' as const };
    expect(signature).toHaveLength(64);
    expect(verify('sha256', Buffer.from(SIGNED), scheme, signature)).toBe(true);
    expect(verify('sha256', Buffer.from(`${SIGNED}/`), scheme, signature)).toBe(false);
  });
});
