import { hash } from 'node:crypto';
import { inflateRaw, inflateRawSync } from 'node:zlib';

/**
 * The original bytes of an invoice from `CheckedInvoice.deflated`, so many; damaged ones may come to anything, and no more
 * than that is made of them.
 * @throws when they are not what was deflated
 */
export function inflateInvoice(deflated: Uint8Array, sizeBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    inflateRaw(deflated, { maxOutputLength: sizeBytes }, (error, bytes) =>
      error === null ? resolve(bytes) : reject(error),
    );
  });
}

/** The same at once: quicker for single invoices, which are small. */
export function inflateInvoiceSync(deflated: Uint8Array, sizeBytes: number): Buffer {
  return inflateRawSync(deflated, { maxOutputLength: sizeBytes });
}

/** An invoice as it is stored: `deflated`, and the size and SHA-256 (base64) of the original bytes. */
export interface StoredBytes {
  readonly deflated: Uint8Array;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** The original bytes; null where what is stored of them is not what was taken in. */
export function originalInvoice({ deflated, sizeBytes, sha256 }: StoredBytes): Buffer | null {
  try {
    const plain = inflateInvoiceSync(deflated, sizeBytes);
    return plain.length === sizeBytes && hash('sha256', plain, 'base64') === sha256 ? plain : null;
  } catch {
    return null;
  }
}
