import { hash } from 'node:crypto';
import { newCipher, type PackageKey } from './package-key.ts';

/** One invoice as an interactive session takes it. Hashes are SHA-256, base64. */
export interface EncryptedInvoice {
  encrypted: Buffer;
  sha256: string;
  sizeBytes: number;
  encryptedSha256: string;
  encryptedSizeBytes: number;
}

/** @throws ArchiveError ARCHIVE_KEY_INVALID */
export function encryptInvoice(plain: Uint8Array, packageKey: PackageKey): EncryptedInvoice {
  const cipher = newCipher(packageKey);
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final()]);
  return {
    encrypted,
    sha256: hash('sha256', plain, 'base64'),
    sizeBytes: plain.length,
    encryptedSha256: hash('sha256', encrypted, 'base64'),
    encryptedSizeBytes: encrypted.length,
  };
}
