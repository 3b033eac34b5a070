// What the module can be asked for. Addresses are those of its memory.
import { beginAt, outAt, toByteBorder } from './bits';
import { putStored } from './block';
import { deflateBlocks } from './search';
import { fillSymbols } from './symbols';

fillSymbols();

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
