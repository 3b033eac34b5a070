// The symbols of lengths and distances (RFC 1951, 3.2.5).
import { setU8, setU32, u8At, u32At } from './tables';

export const END_OF_BLOCK: i32 = 256;
/** The first symbol of a length. */
export const LENGTHS: i32 = 257;
export const LITERAL_SYMBOLS: i32 = 286;
export const LENGTH_SYMBOLS: i32 = 29;
export const DISTANCE_SYMBOLS: i32 = 30;

export const LENGTH_MIN: i32 = 3;
export const LENGTH_MAX: i32 = 258;

/** Up to here each distance has its entry; beyond, each 128 of them, for no symbol ends in between. */
const NEAR: i32 = 256;
const FAR_SHIFT: i32 = 7;

const lengthSymbols: usize = memory.data(LENGTH_MAX + 1, 16);
const nearSymbols: usize = memory.data(NEAR + 1, 16);
const farSymbols: usize = memory.data(256, 16);
const distanceBases: usize = memory.data(DISTANCE_SYMBOLS * 4, 16);

export function lengthExtraBits(symbol: i32): i32 {
  return symbol < 8 || symbol === 28 ? 0 : (symbol >> 2) - 1;
}

export function lengthBase(symbol: i32): i32 {
  if (symbol < 8) return LENGTH_MIN + symbol;
  return symbol === 28 ? LENGTH_MAX : LENGTH_MIN + ((4 + (symbol & 3)) << ((symbol >> 2) - 1));
}

export function distanceExtraBits(symbol: i32): i32 {
  return symbol < 2 ? 0 : (symbol >> 1) - 1;
}

function firstDistance(symbol: i32): i32 {
  return symbol < 2 ? 1 + symbol : 1 + ((2 + (symbol & 1)) << ((symbol >> 1) - 1));
}

export function distanceBase(symbol: i32): i32 {
  return u32At(distanceBases, symbol);
}

/** Counted from the first of them. */
export function lengthSymbol(length: i32): i32 {
  return u8At(lengthSymbols, length);
}

export function distanceSymbol(distance: i32): i32 {
  return distance <= NEAR ? u8At(nearSymbols, distance) : u8At(farSymbols, (distance - 1) >> FAR_SHIFT);
}

/** To be called once, before anything is deflated. */
export function fillSymbols(): void {
  let symbol = 0;
  for (let length = LENGTH_MIN; length <= LENGTH_MAX; length++) {
    while (symbol < LENGTH_SYMBOLS - 1 && lengthBase(symbol + 1) <= length) symbol++;
    setU8(lengthSymbols, length, symbol);
  }
  for (let each = 0; each < DISTANCE_SYMBOLS; each++) setU32(distanceBases, each, firstDistance(each));
  for (let distance = 1; distance <= NEAR; distance++) {
    setU8(nearSymbols, distance, symbolOfDistance(distance));
  }
  for (let far = 0; far < 256; far++) setU8(farSymbols, far, symbolOfDistance((far << FAR_SHIFT) + 1));
}

function symbolOfDistance(distance: i32): i32 {
  let symbol = DISTANCE_SYMBOLS - 1;
  while (firstDistance(symbol) > distance) symbol--;
  return symbol;
}
