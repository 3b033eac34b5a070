/** The threads that all packages of this process share: they start with the first large one, and end with the process. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { type DeflatedSlice, deflateSlice, type Slice } from './slice.ts';

/** Beside this file, of the same kind as it: source or built. */
const THREAD = fileURLToPath(new URL(`slice-thread${path.extname(import.meta.url)}`, import.meta.url));

/** As many as Node's thread pool has; each takes some 20 MB. */
const THREADS_MAX = 4;

export const SLICE_THREADS = Math.min(availableParallelism(), THREADS_MAX);

/** A pool of one: where the next thread cannot be had, those that run go on, and no work lies in a queue of all. */
type Thread = Piscina<Slice, DeflatedSlice>;

/** Makes the slice. Its bytes are handed over, so that each try takes a slice of its own. */
type SliceMaker = () => Slice;

/** Deflates the slices of one package. */
export type SliceDeflater = (make: SliceMaker) => Promise<DeflatedSlice>;

/** The one that packages are made with. */
export const deflaterOfPackage = createDeflaters(() => startThread(THREAD));

/**
 * The deflater for each package. What no thread can do, because none can be had or it died of it, is done in this one;
 * threads that are missing are started anew for the next package.
 */
export function createDeflaters(start: () => Thread): () => SliceDeflater {
  /** With how many slices each has in hand. */
  const threads = new Map<Thread, number>();
  return () => {
    let isStarted = false;
    return async (make) => {
      if (!isStarted) startMissing(threads, start);
      isStarted = true;
      return (await deflatedInThread(threads, make)) ?? deflateSlice(make());
    };
  };
}

export function startThread(filename: string): Thread {
  return new Piscina({ filename, name: 'deflatedSlice', minThreads: 1, maxThreads: 1 });
}

function startMissing(threads: Map<Thread, number>, start: () => Thread): void {
  try {
    while (threads.size < SLICE_THREADS) {
      const thread = start();
      threads.set(thread, 0);
      thread.on('error', () => undefined);
      // Before piscina starts another in its place, which would end the process where none can be had.
      thread.once('workerDestroy', () => {
        threads.delete(thread);
        void thread.destroy();
      });
    }
  } catch {
    // The system has no more of them: it goes with those that there are.
  }
}

/** By the one that has least to do; null where there is none, or it failed. */
async function deflatedInThread(
  threads: Map<Thread, number>,
  make: SliceMaker,
): Promise<DeflatedSlice | null> {
  const [thread] = [...threads].sort(([, one], [, other]) => one - other)[0] ?? [];
  if (thread === undefined) return null;
  const slice = make();
  count(threads, thread, 1);
  try {
    return await thread.run(slice, { transferList: [slice.members.buffer] });
  } catch {
    return null;
  } finally {
    count(threads, thread, -1);
  }
}

function count(threads: Map<Thread, number>, thread: Thread, more: number): void {
  const inHand = threads.get(thread);
  if (inHand !== undefined) threads.set(thread, inHand + more);
}
