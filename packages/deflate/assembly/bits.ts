// Bits that go out, the first one lowest (RFC 1951, 3.1.1).

let out: usize = 0;
let bits: u64 = 0;
let bitCount: i32 = 0;

export function beginAt(at: usize): void {
  goOnAt(at, 0, 0);
}

/** As if these bits, fewer than eight, had been put and wait to be a whole byte. */
export function goOnAt(at: usize, waiting: u64, count: i32): void {
  out = at;
  bits = waiting;
  bitCount = count;
}

export function waiting(): u64 {
  return bits;
}

export function bitsLeft(): i32 {
  return bitCount;
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

/** Where the next byte goes, or the one that the last bits wait for. */
export function outAt(): usize {
  return out;
}
