import { inflateRawSync } from 'node:zlib';
import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDeflater, deflateRaw } from '../src/index.ts';

seeded();

/** Of few bytes and of many, with repeats near and far, long and short. */
const piece = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.uint8Array({ maxLength: 600, max: 3 }),
  fc
    .tuple(fc.nat({ max: 255 }), fc.nat({ max: 3_000 }))
    .map(([byte, times]) => new Uint8Array(times).fill(byte)),
  fc.tuple(fc.nat(), fc.integer({ min: 1, max: 70_000 })).map(([seed, length]) => noise(seed, length)),
);

/** Text like that of an invoice, and now and then what is at home in none; whether usual codes fit depends on how much of that there is. */
const texts = fc
  .tuple(
    fc.nat({ max: 9 }),
    fc.array(fc.tuple(fc.nat({ max: 9 }), fc.nat()), { minLength: 100, maxLength: 900 }),
  )
  .map(([strangeness, parts]) =>
    Buffer.concat(
      parts.map(([each, seed]) =>
        each < strangeness - 1
          ? noise(seed, seed % 30)
          : Buffer.from(`${PARTS[seed % PARTS.length]}${seed % 97}`),
      ),
    ),
  );
const PARTS = [
  '</P_11><P_12>23',
  '</FaWiersz><FaWiersz><NrWierszaFa>',
  '<P_7>Usługa ',
  '<P_8A>szt</P_8A><P_8B>',
  'ŻÓŁĆ & (co)',
];

/** Pieces one after another, among them earlier ones again. */
const bytes = fc
  .array(fc.tuple(piece, fc.array(fc.nat({ max: 20 }), { maxLength: 3 })), { maxLength: 12 })
  .map((parts) => {
    const laid: Uint8Array[] = [];
    for (const [next, again] of parts) {
      laid.push(next);
      for (const index of again) laid.push(laid[index % laid.length] ?? next);
    }
    return Buffer.concat(laid);
  });

/** That nobody can make smaller. */
function noise(seed: number, length: number): Uint8Array {
  let state = (seed | 1) >>> 0;
  return Uint8Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 255;
  });
}

describe('what is deflated', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(bytes, (plain) => {
        expect(inflateRawSync(deflateRaw(plain)).equals(plain)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('comes back as it was, under usual codes and under its own', () => {
    const met = { usual: 0, own: 0 };
    const other = createDeflater();
    fc.assert(
      fc.property(texts, (plain) => {
        const deflated = deflateRaw(plain);
        expect(inflateRawSync(deflated).equals(plain)).toBe(true);
        other.room(plain.length).set(plain);
        other.deflate(0, plain.length, true);
        met[deflated.equals(other.deflated()) ? 'own' : 'usual'] += 1;
      }),
      { numRuns: 300 },
    );
    expect(met.usual).toBeGreaterThan(30);
    expect(met.own).toBeGreaterThan(30);
  });

  it('never becomes larger by more than five bytes for each 32 KiB, and five', () => {
    fc.assert(
      fc.property(bytes, (plain) => {
        expect(deflateRaw(plain).length).toBeLessThanOrEqual(
          plain.length + 5 * Math.ceil(plain.length / 32_768) + 5,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('is the same whatever was deflated before, and by whichever deflater', () => {
    fc.assert(
      fc.property(bytes, bytes, (before, plain) => {
        const first = deflateRaw(plain);
        deflateRaw(before);
        expect(deflateRaw(plain).equals(first)).toBe(true);
      }),
    );
  });

  it('is one stream however it was cut, each cut on a border of bytes and the window before it known', () => {
    const cuts = fc.array(fc.integer({ min: 16_384, max: 100_000 }), { maxLength: 8 });
    const deflater = createDeflater();
    fc.assert(
      fc.property(bytes, cuts, (plain, lengths) => {
        deflater.room(plain.length).set(plain);
        let at = 0;
        for (const length of lengths) {
          if (at + length >= plain.length) break;
          deflater.deflate(at, at + length, false);
          at += length;
        }
        deflater.deflate(at, plain.length, true);
        expect(inflateRawSync(deflater.deflated()).equals(plain)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
