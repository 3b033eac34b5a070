import {
  constants,
  createCipheriv,
  createHash,
  publicEncrypt,
  randomBytes,
  X509Certificate,
} from 'node:crypto';

export type SessionKey = { key: Buffer; iv: Buffer };

export function freshSessionKey(): SessionKey {
  return { key: randomBytes(32), iv: randomBytes(16) };
}

export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('base64');
}

export function encryptAes({ key, iv }: SessionKey, plain: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

/** RSA-OAEP with SHA-256 for a published certificate, base64. */
export function encryptFor(certificate: string, plain: Buffer | string): string {
  const { publicKey } = new X509Certificate(Buffer.from(certificate, 'base64'));
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key: publicKey, padding, oaepHash: 'sha256' }, Buffer.from(plain)).toString(
    'base64',
  );
}
