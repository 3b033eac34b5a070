import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32Combine } from '../src/crc32-combine.ts';

describe('the CRC-32 of pieces put together', () => {
  it('is that of the whole', () => {
    const bytes = fc.uint8Array({ maxLength: 3_000 });
    fc.assert(
      fc.property(bytes, bytes, (before, after) => {
        const whole = crc32(Buffer.concat([before, after]));
        expect(crc32Combine(crc32(before), crc32(after), after.length)).toBe(whole);
      }),
    );
  });

  it('is right before more than 4 GiB, too', () => {
    const [mebibytes, mebibyte] = [5 * 1024, Buffer.alloc(2 ** 20)];
    const crcOfOne = crc32(mebibyte);
    const withZeros = (crc: number) => {
      let sum = crc;
      for (let index = 0; index < mebibytes; index += 1) sum = crc32Combine(sum, crcOfOne, mebibyte.length);
      return sum;
    };
    const before = crc32('an invoice');
    expect(crc32Combine(before, withZeros(0), mebibytes * mebibyte.length)).toBe(withZeros(before));
  });
});
