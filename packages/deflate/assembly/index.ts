// What the module can be asked for. Addresses are those of its memory.
import { beginAt, outAt, toByteBorder } from './bits';
import { putStored } from './block';
import { deflateBlocks, deflateUsually } from './search';
import { fillSymbols } from './symbols';
import { fillUsual } from './usual';

fillSymbols();
fillUsual();

/** To what is longer, codes of its own are worth their time. */
const USUAL_BYTES_MAX: i32 = 8192;

/** The first address that is free for bytes. */
export function freeFrom(): usize {
  return (__heap_base + 15) & ~15;
}

/**
 * Deflates what lies from `from` to `to` to `out`, knowing what lies before it from `window` on. The stream ends there
 * where `isLast`, and else on a border of bytes (an empty stored block), so that another can follow. Answers where the
 * output ends. Reads nothing beyond `to`; may write eight bytes beyond the end.
 */
export function deflate(window: i32, from: i32, to: i32, out: usize, isLast: bool): usize {
  beginAt(out);
  deflateBlocks(window, from, to, isLast);
  if (isLast) toByteBorder();
  else putStored(to, 0, false);
  return outAt();
}

/**
 * Deflates what lies from `from` to `to` as a stream of its own to `out`, as `deflate` does: under codes that are usual for
 * invoices, where it is as short as one and they make it half as long at most.
 */
export function deflateAlone(from: i32, to: i32, out: usize): usize {
  const isUsual = to - from <= USUAL_BYTES_MAX && deflateUsually(from, to, out, out + ((to - from) >> 1));
  if (!isUsual) return deflate(from, from, to, out, true);
  toByteBorder();
  return outAt();
}
