import type { Slice } from '../src/slice.ts';
import * as thread from '../src/slice-thread.ts';

/** The real one, but for slices that say how it should break. */
export function deflatedSlice(slice: Slice): unknown {
  if (slice.names.includes('EXIT')) process.exit(1);
  if (slice.names.includes('THROW')) throw new Error('zlib broke');
  return thread.deflatedSlice(slice);
}
