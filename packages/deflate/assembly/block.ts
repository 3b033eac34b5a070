// One block of the stream (RFC 1951, 3.2.3): literals and repeats that were found, under codes of their own.
import { put, putBytes, toByteBorder } from './bits';
import { BITS_MAX, bitLengths, codesOf } from './huffman';
import {
  DISTANCE_SYMBOLS,
  distanceBase,
  distanceExtraBits,
  distanceSymbol,
  END_OF_BLOCK,
  LENGTH_SYMBOLS,
  LENGTHS,
  LITERAL_SYMBOLS,
  lengthBase,
  lengthExtraBits,
  lengthSymbol,
} from './symbols';
import { countOne, setU32, u8At, u16At, u32At } from './tables';

/** Of a block; more would make its codes fit less well, fewer would need more of them. */
const TOKENS_MAX: i32 = 32768;

const STORED: i32 = 0;
const FIXED_CODES: i32 = 1;
const OWN_CODES: i32 = 2;
const STORED_BYTES_MAX: i32 = 65535;

/** Code lengths have codes themselves: 0 to 15, and three that repeat (RFC 1951, 3.2.7). */
const REPEATED: i32 = 16;
const FEW_ZEROS: i32 = 17;
const MANY_ZEROS: i32 = 18;
const META_SYMBOLS: i32 = 19;
const META_BITS_MAX: i32 = 7;
const metaOrder: usize = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

/** A literal is itself; a repeat has its distance in the upper half and its length in the lower. */
const tokens: usize = memory.data(TOKENS_MAX * 4, 16);
let tokenCount: i32 = 0;

export const literalCounts: usize = memory.data(LITERAL_SYMBOLS * 4, 16);
const literalBits: usize = memory.data(LITERAL_SYMBOLS, 16);
const literalCodes: usize = memory.data(LITERAL_SYMBOLS * 2, 16);
export const distanceCounts: usize = memory.data(DISTANCE_SYMBOLS * 4, 16);
const distanceBits: usize = memory.data(DISTANCE_SYMBOLS, 16);
const distanceCodes: usize = memory.data(DISTANCE_SYMBOLS * 2, 16);

/** The lengths of both codes one after another, and how they are told. */
const allBits: usize = memory.data(LITERAL_SYMBOLS + DISTANCE_SYMBOLS, 16);
const told: usize = memory.data((LITERAL_SYMBOLS + DISTANCE_SYMBOLS) * 4, 16);
const metaCounts: usize = memory.data(META_SYMBOLS * 4, 16);
const metaBits: usize = memory.data(META_SYMBOLS, 16);
const metaCodes: usize = memory.data(META_SYMBOLS * 2, 16);

/** Nothing is left of a block, not even of one that a fault kept from being put out. */
export function beginBlock(): void {
  tokenCount = 0;
  memory.fill(literalCounts, 0, LITERAL_SYMBOLS * 4);
  memory.fill(distanceCounts, 0, DISTANCE_SYMBOLS * 4);
}

/** To a block that is not full. */
export function addLiteral(byte: i32): void {
  setU32(tokens, tokenCount++, byte);
  countOne(literalCounts, byte);
}

export function addRepeat(length: i32, distance: i32): void {
  setU32(tokens, tokenCount++, (distance << 16) | length);
  countOne(literalCounts, LENGTHS + lengthSymbol(length));
  countOne(distanceCounts, distanceSymbol(distance));
}

export function isEmpty(): bool {
  return tokenCount === 0;
}

export function isFull(): bool {
  return tokenCount === TOKENS_MAX;
}

/** Puts out what was added, which is what lies at `from`: as it is where no code makes it smaller. */
export function putBlock(from: usize, bytes: i32, isLast: bool): void {
  countOne(literalCounts, END_OF_BLOCK);
  const literalsWhole = bitLengths(literalCounts, LITERAL_SYMBOLS, literalBits, BITS_MAX);
  const distancesWhole = bitLengths(distanceCounts, DISTANCE_SYMBOLS, distanceBits, BITS_MAX);
  const literals = usedOf(literalBits, LITERAL_SYMBOLS, LENGTHS);
  const distances = usedOf(distanceBits, DISTANCE_SYMBOLS, 1);
  const tellings = tell(literals, distances);
  const metaWhole = bitLengths(metaCounts, META_SYMBOLS, metaBits, META_BITS_MAX);
  const pays = (sizeBits() + 7) >> 3 < bytes;
  if (pays && literalsWhole && distancesWhole && metaWhole) {
    put(OWN_CODES << 1 | <i32>isLast, 3);
    codesOf(literalBits, LITERAL_SYMBOLS, literalCodes);
    codesOf(distanceBits, DISTANCE_SYMBOLS, distanceCodes);
    putCodes(literals, distances, tellings);
    putTokens();
  } else putStored(from, bytes, isLast);
  beginBlock();
}

export function putStored(from: usize, bytes: i32, isLast: bool): void {
  do {
    const piece = min(bytes, STORED_BYTES_MAX);
    put(STORED << 1 | <i32>(isLast && piece === bytes), 3);
    toByteBorder();
    put(<u32>(piece | ((piece ^ STORED_BYTES_MAX) << 16)), 32);
    putBytes(from, piece);
    from += piece;
    bytes -= piece;
  } while (bytes > 0);
}

/** The end of a stream whose last block has been put out as if more came. */
export function putEnd(): void {
  put(FIXED_CODES << 1 | 1, 3);
  put(0, 7);
}

/** How the only block of a stream begins whose codes have these lengths, of all symbols. */
export function putHead(ofLiterals: usize, ofDistances: usize): void {
  memory.copy(literalBits, ofLiterals, LITERAL_SYMBOLS);
  memory.copy(distanceBits, ofDistances, DISTANCE_SYMBOLS);
  const tellings = tell(LITERAL_SYMBOLS, DISTANCE_SYMBOLS);
  bitLengths(metaCounts, META_SYMBOLS, metaBits, META_BITS_MAX);
  put(OWN_CODES << 1 | 1, 3);
  putCodes(LITERAL_SYMBOLS, DISTANCE_SYMBOLS, tellings);
}

function usedOf(lengths: usize, symbols: i32, least: i32): i32 {
  while (symbols > least && u8At(lengths, symbols - 1) === 0) symbols--;
  return symbols;
}

/** How the lengths of both codes are told; answers in how many pieces. */
function tell(literals: i32, distances: i32): i32 {
  memory.copy(allBits, literalBits, literals);
  memory.copy(allBits + literals, distanceBits, distances);
  memory.fill(metaCounts, 0, META_SYMBOLS * 4);
  const all = literals + distances;
  let pieces = 0;
  for (let i = 0; i < all; ) {
    const bits = u8At(allBits, i);
    let same = 1;
    while (i + same < all && u8At(allBits, i + same) === bits) same++;
    const repeats = i > 0 && u8At(allBits, i - 1) === bits;
    let symbol = bits;
    let taken = 1;
    let more = 0;
    if (bits === 0 && same > 2) {
      taken = min(same, 138);
      symbol = taken < 11 ? FEW_ZEROS : MANY_ZEROS;
      more = taken - (taken < 11 ? 3 : 11);
    } else if (repeats && same > 2) {
      taken = min(same, 6);
      symbol = REPEATED;
      more = taken - 3;
    }
    setU32(told, pieces++, symbol | (more << 8));
    countOne(metaCounts, symbol);
    i += taken;
  }
  return pieces;
}

function metaExtraBits(symbol: i32): i32 {
  if (symbol < REPEATED) return 0;
  return symbol === REPEATED ? 2 : symbol === FEW_ZEROS ? 3 : 7;
}

function metaUsed(): i32 {
  let used = META_SYMBOLS;
  while (used > 4 && u8At(metaBits, u8At(metaOrder, used - 1)) === 0) used--;
  return used;
}

function sizeBits(): i32 {
  let size = 17 + 3 * metaUsed();
  for (let symbol = 0; symbol < META_SYMBOLS; symbol++) {
    size += u32At(metaCounts, symbol) * (u8At(metaBits, symbol) + metaExtraBits(symbol));
  }
  for (let symbol = 0; symbol < LENGTHS; symbol++) {
    size += u32At(literalCounts, symbol) * u8At(literalBits, symbol);
  }
  for (let symbol = 0; symbol < LENGTH_SYMBOLS; symbol++) {
    const all = LENGTHS + symbol;
    size += u32At(literalCounts, all) * (u8At(literalBits, all) + lengthExtraBits(symbol));
  }
  for (let symbol = 0; symbol < DISTANCE_SYMBOLS; symbol++) {
    size += u32At(distanceCounts, symbol) * (u8At(distanceBits, symbol) + distanceExtraBits(symbol));
  }
  return size;
}

function putCodes(literals: i32, distances: i32, tellings: i32): void {
  codesOf(metaBits, META_SYMBOLS, metaCodes);
  const metas = metaUsed();
  put(literals - LENGTHS, 5);
  put(distances - 1, 5);
  put(metas - 4, 4);
  for (let i = 0; i < metas; i++) put(u8At(metaBits, u8At(metaOrder, i)), 3);
  for (let i = 0; i < tellings; i++) {
    const telling = u32At(told, i);
    const symbol: i32 = telling & 255;
    put(u16At(metaCodes, symbol), u8At(metaBits, symbol));
    put(telling >> 8, metaExtraBits(symbol));
  }
}

function putTokens(): void {
  for (let i = 0; i < tokenCount; i++) {
    const token = u32At(tokens, i);
    const distance: i32 = token >> 16;
    if (distance === 0) put(u16At(literalCodes, token), u8At(literalBits, token));
    else putRepeat(token & 0xffff, distance);
  }
  put(u16At(literalCodes, END_OF_BLOCK), u8At(literalBits, END_OF_BLOCK));
}

function putRepeat(length: i32, distance: i32): void {
  const lengthOnly = lengthSymbol(length);
  const symbol = LENGTHS + lengthOnly;
  const bits = u8At(literalBits, symbol);
  const lengthCode = u16At(literalCodes, symbol) | ((length - lengthBase(lengthOnly)) << bits);
  const lengthCount = bits + lengthExtraBits(lengthOnly);
  const distanceOnly = distanceSymbol(distance);
  const fewer = u8At(distanceBits, distanceOnly);
  const distanceCode = u16At(distanceCodes, distanceOnly) | ((distance - distanceBase(distanceOnly)) << fewer);
  put(<u64>lengthCode | ((<u64>distanceCode) << lengthCount), lengthCount + fewer + distanceExtraBits(distanceOnly));
}
