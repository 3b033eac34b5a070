// Huffman codes: how many bits each symbol gets for how often it occurs, and which bits these are.
import { countOne, setU8, setU16, setU32, u8At, u32At } from './tables';

const SYMBOLS_MAX: i32 = 286;
export const BITS_MAX: i32 = 15;
/** A symbol's number takes nine bits, below how often it occurs. */
const SYMBOL_BITS: i32 = 9;
const SYMBOL_MASK: u32 = 511;

/** Symbols that occur, the rarest first. */
const ordered: usize = memory.data(SYMBOLS_MAX * 4, 16);
/** For each of them a weight, then a parent, a depth and at last a length, in the same place. */
const tree: usize = memory.data(SYMBOLS_MAX * 4, 16);
const nextCodes: usize = memory.data((BITS_MAX + 1) * 4, 16);

/**
 * Gives each of the symbols that occur its number of bits, none more than `limit`. Answers whether the code is one that
 * readers take: each sequence of bits has one meaning, or there is a single symbol (never among the lengths of codes, which are
 * not all alike).
 */
export function bitLengths(counts: usize, symbols: i32, lengths: usize, limit: i32): bool {
  const occurring = order(counts, symbols);
  memory.fill(lengths, 0, symbols);
  if (occurring < 2) {
    if (occurring === 1) setU8(lengths, u32At(ordered, 0) & SYMBOL_MASK, 1);
    return true;
  }
  depths(occurring);
  const isWhole = limited(occurring, limit);
  for (let i = 0; i < occurring; i++) setU8(lengths, u32At(ordered, i) & SYMBOL_MASK, u32At(tree, i));
  return isWhole;
}

function order(counts: usize, symbols: i32): i32 {
  let occurring = 0;
  for (let symbol = 0; symbol < symbols; symbol++) {
    const count = u32At(counts, symbol);
    if (count > 0) setU32(ordered, occurring++, (count << SYMBOL_BITS) | symbol);
  }
  for (let gap = occurring > 40 ? 40 : 13; gap > 0; gap = gap === 40 ? 13 : gap === 13 ? 4 : gap === 4 ? 1 : 0) {
    for (let i = gap; i < occurring; i++) sink(i, gap);
  }
  return occurring;
}

function sink(from: i32, gap: i32): void {
  const moving = u32At(ordered, from);
  let at = from;
  while (at >= gap && u32At(ordered, at - gap) > moving) {
    setU32(ordered, at, u32At(ordered, at - gap));
    at -= gap;
  }
  setU32(ordered, at, moving);
}

/** In place (A. Moffat, J. Katajainen: In-place calculation of minimum-redundancy codes, 1995). */
function depths(n: i32): void {
  for (let i = 0; i < n; i++) setU32(tree, i, u32At(ordered, i) >> SYMBOL_BITS);
  joinLightest(n);
  setU32(tree, n - 2, 0);
  for (let i = n - 3; i >= 0; i--) setU32(tree, i, u32At(tree, u32At(tree, i)) + 1);
  depthsOfLeaves(n);
}

/** Afterwards each inner node but the last knows its parent. */
function joinLightest(n: i32): void {
  let root = 0;
  let leaf = 0;
  for (let next = 0; next < n - 1; next++) {
    let weight: u32 = 0;
    for (let child = 0; child < 2; child++) {
      if (leaf >= n || (root < next && u32At(tree, root) < u32At(tree, leaf))) {
        weight += u32At(tree, root);
        setU32(tree, root++, next);
      } else weight += u32At(tree, leaf++);
    }
    setU32(tree, next, weight);
  }
}

function depthsOfLeaves(n: i32): void {
  let free = 1;
  let depth: u32 = 0;
  let root = n - 2;
  let next = n - 1;
  while (free > 0) {
    let inner = 0;
    for (; root >= 0 && u32At(tree, root) === depth; root--) inner++;
    for (; free > inner; free--) setU32(tree, next--, depth);
    free = 2 * inner;
    depth++;
  }
}

/** Shortens what is too long, and makes up for it: the rarest get longer first, and the most frequent shorter again. */
function limited(n: i32, limit: i32): bool {
  const room = 1 << limit;
  let taken = 0;
  for (let i = 0; i < n; i++) {
    if (<i32>u32At(tree, i) > limit) setU32(tree, i, limit);
    taken += share(i, limit);
  }
  for (let i = 0; i < n && taken > room; i++) {
    while (taken > room && <i32>u32At(tree, i) < limit) taken -= share(i, limit) - longer(i, limit);
  }
  for (let i = n - 1; i >= 0 && taken < room; i--) {
    while (<i32>u32At(tree, i) > 1 && taken + share(i, limit) <= room) {
      taken += share(i, limit);
      setU32(tree, i, u32At(tree, i) - 1);
    }
  }
  return taken === room;
}

/** What the symbol takes of all sequences of `limit` bits. */
function share(i: i32, limit: i32): i32 {
  return 1 << (limit - <i32>u32At(tree, i));
}

function longer(i: i32, limit: i32): i32 {
  setU32(tree, i, u32At(tree, i) + 1);
  return share(i, limit);
}

/** RFC 1951, 3.2.2; the first bit of a code lowest. */
export function codesOf(lengths: usize, symbols: i32, codes: usize): void {
  memory.fill(nextCodes, 0, (BITS_MAX + 1) * 4);
  for (let symbol = 0; symbol < symbols; symbol++) {
    const bits = u8At(lengths, symbol);
    if (bits > 0) countOne(nextCodes, bits);
  }
  let code: u32 = 0;
  let before: u32 = 0;
  for (let bits = 1; bits <= BITS_MAX; bits++) {
    code = (code + before) << 1;
    before = u32At(nextCodes, bits);
    setU32(nextCodes, bits, code);
  }
  for (let symbol = 0; symbol < symbols; symbol++) {
    const bits = u8At(lengths, symbol);
    if (bits === 0) continue;
    setU16(codes, symbol, reversed(u32At(nextCodes, bits), bits));
    countOne(nextCodes, bits);
  }
}

function reversed(code: u32, bits: i32): u32 {
  let mirrored: u32 = 0;
  for (let bit = 0; bit < bits; bit++) mirrored |= ((code >> bit) & 1) << (bits - 1 - bit);
  return mirrored;
}
