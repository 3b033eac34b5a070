// What repeats what came before, within the last 32 KiB (RFC 1951, 3.2.5).
import { outAt } from './bits';
import { addLiteral, addRepeat, beginBlock, isEmpty, isFull, putBlock, putEnd } from './block';
import { LENGTH_MAX } from './symbols';
import { beginUsual, endUsual, putLiteral, putRepeat } from './usual';

const WINDOW_BYTES: i32 = 32768;
/** So long a repeat at the distance of the last one is taken without looking for a better one. */
const GOOD_REPEAT: i32 = 32;
/** A shorter one may give way to a longer one that begins a byte later. */
const SURE_REPEAT: i32 = 32;
/** Within a repeat, and in what came before the first byte, places are noted this far apart. */
const STRIDE: i32 = 6;
const WINDOW_STRIDE: i32 = 4;
/** So near the end nothing is looked for: eight bytes are read at a time. */
const END_BYTES: i32 = 16;
/** After 32 vain looks in a row one byte goes by without a look, after 64 two: what repeats nothing is soon done with. */
const MISSES_SHIFT: i32 = 5;
const QUIET_MAX: i32 = 31;

/** Where four bytes, and where eight bytes, were seen last. */
const SHORT_BITS: i32 = 13;
const LONG_BITS: i32 = 15;
const shortPlaces: usize = memory.data(4 << SHORT_BITS, 16);
const longPlaces: usize = memory.data(4 << LONG_BITS, 16);

/** Places are told from those of earlier calls by an own range of numbers for each call. */
const NUMBERS_MAX: i32 = 1 << 30;
let firstNumber: i32 = 1;
/** From a place to its number. */
let shift: i32 = 0;
/** The first byte that may be repeated. */
let lowest: i32 = 0;

/** A repeat: its length in the upper half, its distance in the lower. */
const NONE: i32 = 0;
const UNKNOWN: i32 = -1;

@inline
function lengthOf(repeat: i32): i32 {
  return repeat >> 16;
}

@inline
function distanceOf(repeat: i32): i32 {
  return repeat & 0xffff;
}

@inline
function hashOfFour(bytes: u64): usize {
  return shortPlaces + (<usize>((<u32>bytes * 0x9e3779b1) >> (32 - SHORT_BITS)) << 2);
}

@inline
function hashOfEight(bytes: u64): usize {
  return longPlaces + (<usize>((bytes * 0x9e3779b185ebca87) >> (64 - LONG_BITS)) << 2);
}

@inline
function note(place: i32): void {
  const bytes = load<u64>(place);
  store<i32>(hashOfFour(bytes), place + shift);
  store<i32>(hashOfEight(bytes), place + shift);
}

function begin(window: i32, from: i32, to: i32): void {
  if (firstNumber > NUMBERS_MAX - (to - window)) {
    memory.fill(shortPlaces, 0, 4 << SHORT_BITS);
    memory.fill(longPlaces, 0, 4 << LONG_BITS);
    firstNumber = 1;
  }
  shift = firstNumber - window;
  lowest = window;
  firstNumber += to - window;
  quietUntilBefore = from;
  missesBefore = 0;
  lastBefore = NUMBERS_MAX;
  aheadBefore = UNKNOWN;
  for (let place = window; place < from && place + 8 <= to; place += WINDOW_STRIDE) note(place);
}

/** How many bytes are alike, up to `most`. */
@inline
function alike(one: i32, other: i32, most: i32): i32 {
  let bytes = 0;
  for (; bytes + 8 <= most; bytes += 8) {
    const differ = load<u64>(one + bytes) ^ load<u64>(other + bytes);
    if (differ !== 0) return bytes + <i32>(ctz(differ) >> 3);
  }
  while (bytes < most && load<u8>(one + bytes) === load<u8>(other + bytes)) bytes++;
  return bytes;
}

/** What is repeated at `at`, which is noted; at the distance of the last repeat first, for that goes on behind a changed byte. */
@inline
function look(at: i32, to: i32, last: i32): i32 {
  const bytes = load<u64>(at);
  const low = max(lowest, at - WINDOW_BYTES);
  const most = min(LENGTH_MAX, to - at);
  const short = hashOfFour(bytes);
  const long = hashOfEight(bytes);
  let found = better(NONE, at - last, low, at, most, bytes);
  if (lengthOf(found) < GOOD_REPEAT) found = better(found, load<i32>(long) - shift, low, at, most, bytes);
  if (found === NONE) found = better(found, load<i32>(short) - shift, low, at, most, bytes);
  store<i32>(short, at + shift);
  store<i32>(long, at + shift);
  return found;
}

/** The repeat of what lies at `place`, where that is worth more than the one found. */
@inline
function better(found: i32, place: i32, low: i32, at: i32, most: i32, bytes: u64): i32 {
  if (place < low || load<u32>(place) !== <u32>bytes) return found;
  const bytesAlike = alike(place, at, most);
  return bytesAlike > lengthOf(found) + 1 ? (bytesAlike << 16) | (at - place) : found;
}

/** Deflates what lies from `from` to `to` into blocks, knowing what lies before it from `window` on. */
export function deflateBlocks(window: i32, from: i32, to: i32, isLast: bool): void {
  begin(window, from, to);
  beginBlock();
  let blockFrom = from;
  for (let at = fillBlock(from, to); isFull(); at = fillBlock(at, to)) {
    putBlock(blockFrom, at - blockFrom, false);
    blockFrom = at;
  }
  if (!isEmpty()) putBlock(blockFrom, to - blockFrom, isLast);
  else if (isLast) putEnd();
}

/** The same into a whole stream under usual codes. Answers whether it ends before `outMax`: if not, they do not fit. */
export function deflateUsually(from: i32, to: i32, out: usize, outMax: usize): bool {
  if (!beginUsual(out, outMax)) return false;
  begin(from, from, to);
  walk(from, to, true, outMax);
  if (outAt() > outMax) return false;
  endUsual();
  return true;
}

/** Counts what lies from `from` to `to` as one block, and puts nothing out. */
export function countBlock(from: i32, to: i32): void {
  begin(from, from, to);
  beginBlock();
  fillBlock(from, to);
}

/** Answers how far it came: there the block is full, or it is `to`. */
function fillBlock(from: i32, to: i32): i32 {
  return walk(from, to, false, 0);
}

/** What a walk that goes on behind a full block has to know of what came before. */
let quietUntilBefore: i32 = 0;
let missesBefore: i32 = 0;
let lastBefore: i32 = 0;
let aheadBefore: i32 = UNKNOWN;

/** Finds what repeats, up to `to` or until the block is full, or the output has come to `outMax`; answers how far it came. */
@inline
function walk(from: i32, to: i32, isUsual: bool, outMax: usize): i32 {
  const end = to - END_BYTES;
  let quietUntil = quietUntilBefore;
  let misses = missesBefore;
  let last = lastBefore;
  let ahead = aheadBefore;
  let at = from;
  while (at < to) {
    let found = NONE;
    if (at < end && at >= quietUntil) {
      found = ahead === UNKNOWN ? look(at, to, last) : ahead;
      ahead = found > NONE && lengthOf(found) < SURE_REPEAT && at + 1 < end ? look(at + 1, to, last) : UNKNOWN;
    }
    if (found === NONE || (ahead !== UNKNOWN && lengthOf(ahead) > lengthOf(found) + 1)) {
      if (isUsual) putLiteral(load<u8>(at));
      else addLiteral(load<u8>(at));
      if (at++ >= quietUntil && found === NONE) quietUntil = at + min(misses++ >> MISSES_SHIFT, QUIET_MAX);
    } else {
      if (isUsual) putRepeat(lengthOf(found), distanceOf(found));
      else addRepeat(lengthOf(found), distanceOf(found));
      noteWithin(at, at + lengthOf(found), end);
      at += lengthOf(found);
      last = distanceOf(found);
      misses = 0;
      ahead = UNKNOWN;
    }
    if (isUsual ? outAt() > outMax : isFull()) break;
  }
  quietUntilBefore = quietUntil;
  missesBefore = misses;
  lastBefore = last;
  aheadBefore = ahead;
  return at;
}

@inline
function noteWithin(from: i32, to: i32, end: i32): void {
  if (to >= end) return;
  for (let place = from + 1; place < to; place += STRIDE) note(place);
  note(to - 2);
  note(to - 1);
}
