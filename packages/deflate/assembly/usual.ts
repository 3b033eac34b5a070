// A stream of one block under codes that are usual for invoices: known beforehand, so nothing is counted first, and what is found goes
// out at once.
import { bitsLeft, goOnAt, outAt, put, waiting } from './bits';
import { putHead } from './block';
import { codesOf } from './huffman';
import {
  DISTANCE_SYMBOLS,
  distanceBase,
  distanceExtraBits,
  distanceSymbol,
  END_OF_BLOCK,
  LENGTH_MAX,
  LENGTH_MIN,
  LENGTHS,
  LITERAL_SYMBOLS,
  lengthBase,
  lengthExtraBits,
  lengthSymbol,
} from './symbols';
import { setU32, u8At, u16At, u32At } from './tables';
import { usualDistanceBits, usualLiteralBits } from './usual-bits';

const literalCodes: usize = memory.data(LITERAL_SYMBOLS * 2, 16);
const distanceCodes: usize = memory.data(DISTANCE_SYMBOLS * 2, 16);

/** What goes out for a literal, for a length with its extra bits, and for the symbol of a distance; how many bits, in the lowest six. */
const ofLiteral: usize = memory.data((END_OF_BLOCK + 1) * 4, 16);
const ofLength: usize = memory.data((LENGTH_MAX + 1) * 4, 16);
const ofDistance: usize = memory.data(DISTANCE_SYMBOLS * 4, 16);
const COUNT_BITS: i32 = 6;
const COUNT_MASK: u32 = 63;

/** How the codes are told is the same each time: its whole bytes, and the bits that remain. */
const HEAD_BYTES_MAX: i32 = 320;
const head: usize = memory.data(HEAD_BYTES_MAX, 16);
let headBytes: i32 = 0;
let headWaiting: u64 = 0;
let headBitsLeft: i32 = 0;

/** To be called once, after the symbols are there. */
export function fillUsual(): void {
  codesOf(usualLiteralBits, LITERAL_SYMBOLS, literalCodes);
  codesOf(usualDistanceBits, DISTANCE_SYMBOLS, distanceCodes);
  for (let literal = 0; literal <= END_OF_BLOCK; literal++) {
    setU32(ofLiteral, literal, together(u16At(literalCodes, literal), u8At(usualLiteralBits, literal)));
  }
  for (let length = LENGTH_MIN; length <= LENGTH_MAX; length++) {
    const symbol = lengthSymbol(length);
    const bits = u8At(usualLiteralBits, LENGTHS + symbol);
    const code = u16At(literalCodes, LENGTHS + symbol) | ((length - lengthBase(symbol)) << bits);
    setU32(ofLength, length, together(code, bits + lengthExtraBits(symbol)));
  }
  for (let symbol = 0; symbol < DISTANCE_SYMBOLS; symbol++) {
    setU32(ofDistance, symbol, together(u16At(distanceCodes, symbol), u8At(usualDistanceBits, symbol)));
  }
  goOnAt(head, 0, 0);
  putHead(usualLiteralBits, usualDistanceBits);
  headBytes = <i32>(outAt() - head);
  headWaiting = waiting();
  headBitsLeft = bitsLeft();
}

function together(code: u32, bits: i32): u32 {
  return (code << COUNT_BITS) | bits;
}

/** Answers whether the head alone ends before `outMax`; if not, nothing is put out. */
export function beginUsual(out: usize, outMax: usize): bool {
  if (out + headBytes > outMax) return false;
  memory.copy(out, head, headBytes);
  goOnAt(out + headBytes, headWaiting, headBitsLeft);
  return true;
}

export function putLiteral(byte: i32): void {
  const literal = u32At(ofLiteral, byte);
  put(literal >> COUNT_BITS, literal & COUNT_MASK);
}

export function putRepeat(length: i32, distance: i32): void {
  const first = u32At(ofLength, length);
  const bits: i32 = first & COUNT_MASK;
  const symbol = distanceSymbol(distance);
  const second = u32At(ofDistance, symbol);
  const fewer: i32 = second & COUNT_MASK;
  const distanceCode = (second >> COUNT_BITS) | ((distance - distanceBase(symbol)) << fewer);
  put(
    <u64>(first >> COUNT_BITS) | ((<u64>distanceCode) << bits),
    bits + fewer + distanceExtraBits(symbol),
  );
}

export function endUsual(): void {
  putLiteral(END_OF_BLOCK);
}
