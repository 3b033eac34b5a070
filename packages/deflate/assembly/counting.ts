// What the codes of assembly/usual-bits.ts are made from: compiled for the script that writes them, and no part of the module.
import { distanceCounts, literalCounts } from './block';
import { BITS_MAX, bitLengths } from './huffman';
import { countBlock } from './search';
import { DISTANCE_SYMBOLS, END_OF_BLOCK, LITERAL_SYMBOLS } from './symbols';
import { setU32, u8At, u32At } from './tables';

/** One in so many, as a power of two. */
const MAY_COME_SHIFT: i32 = 12;

const SYMBOLS: i32 = LITERAL_SYMBOLS + DISTANCE_SYMBOLS;
const counts: usize = memory.data(SYMBOLS * 4, 16);
const lengths: usize = memory.data(SYMBOLS, 16);

/** Adds what a stream of what lies from `from` to `to` is made of to what was counted before. */
export function count(from: i32, to: i32): void {
  countBlock(from, to);
  for (let symbol = 0; symbol < LITERAL_SYMBOLS; symbol++) add(symbol, u32At(literalCounts, symbol));
  add(END_OF_BLOCK, 1);
  for (let symbol = 0; symbol < DISTANCE_SYMBOLS; symbol++) {
    add(LITERAL_SYMBOLS + symbol, u32At(distanceCounts, symbol));
  }
}

/**
 * Makes codes of what was counted; answers whether both are whole. Each symbol has some bits, for anything may come; what text is
 * made of counts for more than made invoices would give it, and so do lengths and distances.
 */
export function finish(): bool {
  let all: u32 = 0;
  for (let symbol = 0; symbol < SYMBOLS; symbol++) all += u32At(counts, symbol);
  for (let symbol = 0; symbol < SYMBOLS; symbol++) {
    const mayCome = isOfText(symbol) || symbol >= END_OF_BLOCK;
    setU32(counts, symbol, max(mayCome ? all >> MAY_COME_SHIFT : 1, u32At(counts, symbol)));
  }
  const literals = bitLengths(counts, LITERAL_SYMBOLS, lengths, BITS_MAX);
  const distances = bitLengths(counts + LITERAL_SYMBOLS * 4, DISTANCE_SYMBOLS, lengths + LITERAL_SYMBOLS, BITS_MAX);
  return literals && distances;
}

export function literalSymbols(): i32 {
  return LITERAL_SYMBOLS;
}

export function distanceSymbols(): i32 {
  return DISTANCE_SYMBOLS;
}

/** So many bits the symbol has: a literal or length, and behind those the distances. */
export function bitsOf(symbol: i32): i32 {
  return u8At(lengths, symbol);
}

function add(symbol: i32, times: i32): void {
  setU32(counts, symbol, u32At(counts, symbol) + times);
}

/** What can be typed, and what the letters of Europe are written with in UTF-8. */
function isOfText(symbol: i32): bool {
  return (symbol >= 0x20 && symbol < 0x7f) || (symbol >= 0x80 && symbol < 0xc6 && symbol !== 0xc0 && symbol !== 0xc1);
}
