/**
 * Which threads of a pool have loaded their file. To end one that is still loading a module with a top-level await, as
 * libxml2-wasm is, ends the whole process: V8 stops at a check of its own. So whoever ends threads waits for this first.
 * What a thread posts first is piscina's word that all of its file has been evaluated: a word of the file itself comes too soon.
 */
import type { Worker } from 'node:worker_threads';
import type { Piscina } from 'piscina';

export interface Loading {
  /** Resolves once the threads that the pool began with have loaded; rejects when one cannot. */
  readonly started: Promise<void>;
  /** Resolves when no thread is loading: each has loaded or is gone. Keeps the process alive until then. */
  over(): Promise<void>;
}

/** To be called as soon as the pool is made. */
export function watchLoading(pool: Piscina): Loading {
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

  async function over(wait: (thread: Worker) => Promise<void>): Promise<void> {
    while (loading().length > 0) await Promise.all(loading().map(wait));
  }

  const started = new Promise<void>((resolve, reject) => {
    pool.on('error', reject);
    void over(loadedOrGone).then(resolve);
  });
  // Not everybody who starts a pool waits for this.
  started.catch(() => undefined);

  return {
    started,
    over: () =>
      over((thread) => {
        thread.ref();
        return loadedOrGone(thread);
      }),
  };
}

function loadedOrGone(thread: Worker): Promise<void> {
  return new Promise((resolve) => {
    thread.once('exit', () => resolve());
    thread.once('message', () => resolve());
  });
}
