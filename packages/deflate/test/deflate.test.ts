import { randomBytes } from 'node:crypto';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { invoiceKinds, makeInvoice, makeRrInvoice } from '@wsad/samples';
import { describe, expect, it } from 'vitest';
import { compiledModule } from '../scripts/compile.ts';
import { createDeflater, deflateRaw, WINDOW_BYTES } from '../src/index.ts';
import { moduleBase64 } from '../src/module.ts';

const comesBack = (plain: Uint8Array) => inflateRawSync(deflateRaw(plain)).equals(plain);

function invoice(seed: number): Buffer {
  return Buffer.from(makeInvoice({ nip: '5265877635', number: `FV/${seed}`, issueDate: '2026-02-01', seed }));
}

/** As one stream, whatever would be usual. */
function underOwnCodes(plain: Uint8Array, deflater = createDeflater()): Buffer {
  deflater.room(plain.length).set(plain);
  deflater.deflate(0, plain.length, true);
  return deflater.deflated();
}

describe('the compiled module', () => {
  it('is what assembly/ comes to (else: npm run generate in packages/deflate)', async () => {
    const text = await compiledModule();
    expect([...text.matchAll(/'(.*)'/g)].map(([, line]) => line).join('')).toBe(moduleBase64);
  });
});

describe('deflating', () => {
  it.each([0, 1, 2, 3, 4, 5, 8, 15, 16, 17, 18, 31, 257, 258, 259, 300])('takes %d bytes', (length) => {
    for (const byte of [0, 65, 255]) expect(comesBack(Buffer.alloc(length, byte))).toBe(true);
    expect(comesBack(Buffer.from(Array.from({ length }, (_, index) => index % 256)))).toBe(true);
  });

  it('makes invoices as small as zlib does at the level that they were kept at before, within three per cent', () => {
    const [ours, zlibs] = [0, 1, 2, 3, 4]
      .map(invoice)
      .reduce(
        ([ours, zlibs], plain) => [
          ours + deflateRaw(plain).length,
          zlibs + deflateRawSync(plain, { level: 3 }).length,
        ],
        [0, 0] as [number, number],
      );
    expect(ours).toBeLessThan(zlibs * 1.03);
  });

  it('makes an invoice alone hardly larger than under codes of its own, whatever its kind', () => {
    const facts = { nip: '5265877635', number: 'FV/1', issueDate: '2026-02-01', seed: 2 };
    const invoices = [...invoiceKinds.map((kind) => makeInvoice({ ...facts, kind })), makeRrInvoice(facts)];
    for (const plain of invoices.map((xml) => Buffer.from(xml))) {
      const own = underOwnCodes(plain);
      expect(comesBack(plain)).toBe(true);
      expect(deflateRaw(plain).equals(own)).toBe(false);
      expect(deflateRaw(plain).length).toBeLessThan(1.06 * own.length);
    }
  });

  it.each([
    ['what is no invoice', Buffer.from(Array.from({ length: 9_000 }, (_, at) => (at * at * 7_919) >>> 7))],
    ['what is longer than 8 KiB', Buffer.concat(Array.from({ length: 5 }, (_, seed) => invoice(seed)))],
  ])('gives %s codes of its own', (_what, plain) => {
    expect(deflateRaw(plain).equals(underOwnCodes(plain))).toBe(true);
    expect(comesBack(plain)).toBe(true);
  });

  it('deflates a room alone just once', () => {
    const deflater = createDeflater();
    deflater.room(10).fill(1);
    deflater.deflateAlone();
    expect(() => deflater.deflateAlone()).toThrow(RangeError);
  });

  it('makes many invoices in a row smaller than zlib does at level 4', () => {
    const plain = Buffer.concat(Array.from({ length: 200 }, (_, seed) => invoice(seed)));
    const level4 = deflateRawSync(plain, { level: 4, finishFlush: constants.Z_FINISH });
    expect(deflateRaw(plain).length).toBeLessThan(level4.length);
  });

  it('finds a repeat as far back as may be, and none farther', () => {
    const mark = Buffer.from('a repeat of forty bytes that is just once');
    const noise = (length: number) =>
      Buffer.from(Array.from({ length }, (_, index) => (index * 7919 * index) >>> 5));
    const sizeOf = (between: number) => {
      const plain = Buffer.concat([mark, noise(between - mark.length), mark, noise(50)]);
      expect(comesBack(plain)).toBe(true);
      return deflateRaw(plain).length - between;
    };
    const [near = 0, farthest = 0, beyond = 0] = [WINDOW_BYTES - 4, WINDOW_BYTES, WINDOW_BYTES + 4].map(
      sizeOf,
    );
    expect(Math.abs(farthest - near)).toBeLessThan(15);
    expect(beyond - farthest).toBeGreaterThan(15);
  });

  it('gives codes of more than 15 bits no symbol, however seldom it occurs', () => {
    // Counts like Fibonacci's make the deepest tree there is.
    const counts = [1, 1];
    while (counts.length < 22) counts.push((counts.at(-1) ?? 0) + (counts.at(-2) ?? 0));
    const bytes = counts.flatMap((count, symbol) => Array.from({ length: count }, () => symbol));
    // In an order that repeats little: by the digits of a number that goes round.
    const mixed = bytes.map((_, index) => bytes[(index * 7_919) % bytes.length] ?? 0);
    expect(comesBack(Buffer.from(mixed))).toBe(true);
  });

  it('refuses what has no room, and is right again with the next', () => {
    const deflater = createDeflater();
    const bytes = 100_000;
    deflater.room(bytes).fill(randomBytes(bytes));
    const small = () => {
      for (let at = 0; at < bytes; at += 1) deflater.deflate(at, at + 1, false);
    };
    expect(small).toThrow(RangeError);
    expect(() => deflater.deflate(0, bytes + 1, true)).toThrow(RangeError);
    expect(() => deflater.deflate(2, 1, true)).toThrow(RangeError);
    expect(() => deflater.room(2 ** 31)).toThrow(RangeError);
    const plain = Buffer.concat(Array.from({ length: 10 }, (_, seed) => invoice(seed)));
    deflater.room(plain.length).set(plain);
    deflater.deflate(0, plain.length, true);
    expect(inflateRawSync(deflater.deflated()).equals(plain)).toBe(true);
  });

  it('keeps its places apart when their numbers begin anew', () => {
    const deflater = createDeflater();
    const plain = Buffer.concat([invoice(1), invoice(2), invoice(1)]);
    const largeBytes = 64 * 1024 * 1024;
    for (let round = 0; round < 17; round += 1) {
      deflater.room(largeBytes).fill(7);
      deflater.deflate(0, largeBytes, true);
    }
    expect(underOwnCodes(plain, deflater).equals(underOwnCodes(plain))).toBe(true);
  });
});
