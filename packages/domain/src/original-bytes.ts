/**
 * An invoice's original bytes, made of what is stored of them: the only place that says whether they are still those.
 * node:crypto and node:zlib are pure computation here: they read and change nothing outside.
 */
import { hash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';

/** An invoice as it is stored: `deflated` (raw; null where it is gone), and the size and SHA-256 (base64) of the original bytes. */
export interface StoredBytes {
  readonly deflated: Uint8Array | null;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/**
 * Null where what is stored is not what was taken in. Damaged bytes may come to anything: no more than `sizeBytes` is made
 * of them. At once, which is quicker for single invoices: they are small.
 */
export function originalBytes({ deflated, sizeBytes, sha256 }: StoredBytes): Buffer | null {
  if (deflated === null) return null;
  try {
    const plain = inflateRawSync(deflated, { maxOutputLength: sizeBytes });
    return plain.length === sizeBytes && hash('sha256', plain, 'base64') === sha256 ? plain : null;
  } catch {
    return null;
  }
}
