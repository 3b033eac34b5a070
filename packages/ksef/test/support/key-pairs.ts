import { createHash, generateKeyPairSync, type webcrypto } from 'node:crypto';
import { selfSigned } from './certificate.ts';

export interface TestKey {
  publicKeyId: string;
  /** DER, base64. */
  certificate: string;
  /** The same key without a certificate around it. */
  spki: string;
  decrypt(encrypted: string): Promise<Buffer>;
}

/** A key as KSeF publishes it. Decryption is Web Crypto's, whose RSA-OAEP uses SHA-256 for the mask as well. */
export function makeTestKey(): TestKey {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const spki = keys.publicKey.export({ format: 'der', type: 'spki' });
  return {
    publicKeyId: createHash('sha256').update(spki).digest('base64'),
    certificate: selfSigned(keys).toString('base64'),
    spki: spki.toString('base64'),
    decrypt: decryptorOf(keys.privateKey.export({ format: 'der', type: 'pkcs8' })),
  };
}

function decryptorOf(pkcs8: Buffer): TestKey['decrypt'] {
  const oaep: webcrypto.RsaHashedImportParams = { name: 'RSA-OAEP', hash: 'SHA-256' };
  return async (encrypted) => {
    const key = await crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), oaep, false, ['decrypt']);
    return Buffer.from(await crypto.subtle.decrypt('RSA-OAEP', key, Buffer.from(encrypted, 'base64')));
  };
}
