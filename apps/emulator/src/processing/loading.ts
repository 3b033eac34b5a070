/**
 * Which threads of a pool have loaded their file. To end one that is still loading a module with a top-level await, as
 * libxml2-wasm is, ends the whole process: V8 stops at a check of its own. So whoever ends threads waits for this first.
 * What a thread posts first is piscina's word that all of its file has been evaluated: a word of the file itself comes too soon.
 */
import type { Worker } from 'node:worker_threads';
import type { Piscina } from 'piscina';

/**
 * To be called as soon as the pool is made. What it answers resolves when no thread is loading: each has loaded or is gone.
 * It keeps the process alive until then.
 */
export function watchLoading(pool: Piscina): () => Promise<void> {
  const loaded = new Set<number>();
  const first = new Set(pool.threads.map(({ threadId }) => threadId));
  for (const thread of pool.threads) {
    const { threadId } = thread;
    thread.once('message', () => loaded.add(threadId));
  }
  // Told of the first ones at once, and of one that takes another's place when it has loaded.
  pool.on('workerCreate', ({ id }) => {
    if (!first.has(id)) loaded.add(id);
  });
  const loading = () => pool.threads.filter(({ threadId }) => !loaded.has(threadId));
  return async () => {
    while (loading().length > 0) await Promise.all(loading().map(loadedOrGone));
  };
}

function loadedOrGone(thread: Worker): Promise<void> {
  thread.ref();
  return new Promise((resolve) => {
    thread.once('exit', () => resolve());
    thread.once('message', () => resolve());
  });
}
