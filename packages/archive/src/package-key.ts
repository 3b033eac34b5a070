import { createCipheriv } from 'node:crypto';
import { refusal } from './errors.ts';

const KEY_BYTES = 32;
const IV_BYTES = 16;

/** The symmetric key of one session, fresh for each. */
export interface PackageKey {
  /** 32 bytes. */
  key: Buffer;
  /** 16 bytes; told to KSeF when the session is opened, never put before the ciphertext. */
  iv: Buffer;
}

export function newPackageKey(randomBytes: (sizeBytes: number) => Buffer): PackageKey {
  const packageKey = { key: randomBytes(KEY_BYTES), iv: randomBytes(IV_BYTES) };
  checkPackageKey(packageKey);
  return packageKey;
}

/** @throws ArchiveError ARCHIVE_KEY_INVALID */
export function checkPackageKey({ key, iv }: PackageKey): void {
  if (key.length !== KEY_BYTES) throw refusal.keyInvalid('key', KEY_BYTES, key.length);
  if (iv.length !== IV_BYTES) throw refusal.keyInvalid('iv', IV_BYTES, iv.length);
}

/** AES-256-CBC with PKCS#7 padding, as KSeF decrypts parts and interactive invoices. */
export function newCipher(packageKey: PackageKey) {
  checkPackageKey(packageKey);
  return createCipheriv('aes-256-cbc', packageKey.key, packageKey.iv);
}
