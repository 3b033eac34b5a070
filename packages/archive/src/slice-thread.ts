/** One of the threads that make a TarGz, a slice at a time. */
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { deflateSlice, type Slice } from './slice.ts';

/** Its bytes change hands instead of being copied; piscina takes the wrapping off. */
export function deflatedSlice(slice: Slice): unknown {
  const answer = deflateSlice(slice);
  return move({ [transferableSymbol]: [answer.deflated.buffer], [valueSymbol]: answer });
}
