import { hash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { originalBytes } from '../src/index.ts';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 5_000 });
const storedOf = (plain: Uint8Array) => ({
  deflated: deflateRawSync(plain),
  sizeBytes: plain.length,
  sha256: hash('sha256', plain, 'base64'),
});

describe('the original bytes of what is stored', () => {
  it('are those that were taken in', () => {
    fc.assert(
      fc.property(bytes, (plain) => {
        expect(originalBytes(storedOf(plain))?.equals(plain)).toBe(true);
      }),
    );
  });

  it('are never others, whatever has become of what is stored', () => {
    const damage = fc.record({ at: fc.nat(), to: fc.nat({ max: 255 }) });
    fc.assert(
      fc.property(bytes, damage, (plain, { at, to }) => {
        const stored = storedOf(plain);
        stored.deflated[at % stored.deflated.length] = to;
        expect([null, Buffer.from(plain).toString('hex')]).toContain(
          originalBytes(stored)?.toString('hex') ?? null,
        );
      }),
    );
  });

  it('are none where they are gone, cut off, or of another size or SHA-256', () => {
    fc.assert(
      fc.property(bytes, bytes, (plain, other) => {
        fc.pre(!Buffer.from(plain).equals(other));
        const stored = storedOf(plain);
        const { deflated, sizeBytes } = stored;
        const changes = [
          { deflated: null },
          { deflated: deflated.subarray(0, -1) },
          { deflated: deflateRawSync(other) },
          { sizeBytes: sizeBytes + 1 },
          { sizeBytes: sizeBytes - 1 },
          { sha256: storedOf(other).sha256 },
        ];
        for (const change of changes) expect(originalBytes({ ...stored, ...change })).toBeNull();
      }),
    );
  });
});
