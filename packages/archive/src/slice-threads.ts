/** The threads that all packages of this process share: they start with the first large one, and end with the process. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { DeflatedSlice, Slice } from './slice.ts';

/** Beside this file, of the same kind as it: source or built. */
const THREAD = fileURLToPath(new URL(`slice-thread${path.extname(import.meta.url)}`, import.meta.url));

/** As many as Node's thread pool has; each takes some 20 MB. */
const THREADS_MAX = 4;

export const SLICE_THREADS = Math.min(availableParallelism(), THREADS_MAX);

let pool: Piscina<Slice, DeflatedSlice> | undefined;

/** The slice's bytes are handed over. */
export function deflateInThread(slice: Slice): Promise<DeflatedSlice> {
  pool ??= new Piscina({
    filename: THREAD,
    name: 'deflatedSlice',
    minThreads: SLICE_THREADS,
    maxThreads: SLICE_THREADS,
  });
  return pool.run(slice, { transferList: [slice.members.buffer] });
}
