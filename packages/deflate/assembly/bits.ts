// Bits that go out, the first one lowest (RFC 1951, 3.1.1).

let out: usize = 0;
let bits: u64 = 0;
let bitCount: i32 = 0;

export function beginAt(at: usize): void {
  out = at;
  bits = 0;
  bitCount = 0;
}

/** No more than 56 bits; may write up to eight bytes beyond what has been put. */
export function put(value: u64, count: i32): void {
  bits |= value << bitCount;
  bitCount += count;
  store<u64>(out, bits);
  out += bitCount >> 3;
  bits >>= bitCount & ~7;
  bitCount &= 7;
}

export function toByteBorder(): void {
  if (bitCount > 0) put(0, 8 - bitCount);
}

/** From a border of bytes. */
export function putBytes(from: usize, bytes: i32): void {
  memory.copy(out, from, bytes);
  out += bytes;
}

/** Where the next byte goes, from a border of bytes. */
export function outAt(): usize {
  return out;
}
