import { createDecipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encryptInvoice, newPackageKey } from '../src/index.ts';
import { packageKey, sha256 } from './support.ts';

describe('an invoice for an interactive session', () => {
  it('decrypts to its bytes, and tells both sizes and hashes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (plain) => {
        const invoice = encryptInvoice(plain, packageKey);
        const decipher = createDecipheriv('aes-256-cbc', packageKey.key, packageKey.iv);
        const decrypted = Buffer.concat([decipher.update(invoice.encrypted), decipher.final()]);

        expect(decrypted.equals(plain)).toBe(true);
        expect(invoice).toMatchObject({
          sha256: sha256(plain),
          sizeBytes: plain.length,
          encryptedSha256: sha256(invoice.encrypted),
          encryptedSizeBytes: Math.floor(plain.length / 16) * 16 + 16,
        });
      }),
    );
  });

  it('is refused with a key of the wrong length', () => {
    const plain = Buffer.from('<Faktura/>');
    expect(() => encryptInvoice(plain, { ...packageKey, key: Buffer.alloc(31) })).toThrow(
      'AES-256-CBC takes 32',
    );
  });
});

describe('a new package key', () => {
  it('takes 32 and then 16 bytes from the randomness given', () => {
    const asked: number[] = [];
    const { key, iv } = newPackageKey((sizeBytes) => {
      asked.push(sizeBytes);
      return Buffer.alloc(sizeBytes, asked.length);
    });
    expect(asked).toEqual([32, 16]);
    expect([key, iv]).toEqual([Buffer.alloc(32, 1), Buffer.alloc(16, 2)]);
  });

  it('is refused where the randomness gives too little', () => {
    expect(() => newPackageKey(() => Buffer.alloc(8))).toThrow('the key has 8 bytes');
  });
});
