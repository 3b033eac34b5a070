/** One of the threads that make a TarGz, a slice at a time. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { BLOCK_BYTES, deflateSlice, type Slice } from './slice.ts';

/**
 * zlib puts out into pieces that only the garbage collector can give back, and V8 leaves 64 MB of them lying in each
 * thread before it runs of itself. A young collection takes a fraction of a millisecond here, for hardly anything lives.
 */
setFlagsFromString('--expose-gc');
const collect: NodeJS.GCFunction = runInNewContext('gc');

/** What one slice comes to that does not compress, and six or more that are like usual invoices. */
const DEAD_BYTES_MAX = 2 * BLOCK_BYTES;

let deadBytes = 0;

/** Its bytes change hands instead of being copied; piscina takes the wrapping off. */
export function deflatedSlice(slice: Slice): unknown {
  const answer = deflateSlice(slice);
  deadBytes += answer.deflated.length;
  if (deadBytes >= DEAD_BYTES_MAX) {
    collect({ type: 'minor', execution: 'sync' });
    deadBytes = 0;
  }
  return move({ [transferableSymbol]: [answer.deflated.buffer], [valueSymbol]: answer });
}
