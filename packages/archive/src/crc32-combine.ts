/** The CRC-32 of bytes one after another, from those of the pieces: the pieces are counted in several threads. */

/** x^0 and x^1 in the order of bits that CRC-32 has: the highest power is the lowest bit. */
const ONE = 0x8000_0000;
const X = 0x4000_0000;
/** x^32 less itself, which is what x^32 comes to. */
const POLYNOMIAL = 0xedb8_8320;

/** Of `before` and then `after`, which has `afterBytes` bytes. */
export function crc32Combine(before: number, after: number, afterBytes: number): number {
  return (times(before, powerOfX(afterBytes * 8)) ^ after) >>> 0;
}

function powerOfX(exponent: number): number {
  let power = ONE;
  for (let [rest, square] = [exponent, X]; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = times(power, square);
    square = times(square, square);
  }
  return power;
}

/** The product of two polynomials over bits, reduced. */
function times(left: number, right: number): number {
  let product = 0;
  let shifted = right;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((left & bit) !== 0) product ^= shifted;
    shifted = (shifted >>> 1) ^ (shifted & 1 ? POLYNOMIAL : 0);
  }
  return product >>> 0;
}
