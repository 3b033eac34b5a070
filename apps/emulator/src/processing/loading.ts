/**
 * Which threads of a pool have loaded their file. To end one that is still loading a module with a top-level await, as
 * libxml2-wasm is, ends the whole process: V8 stops at a check of its own. So whoever ends threads waits for this first.
 */
import { threadId, type Worker } from 'node:worker_threads';
import type { Piscina } from 'piscina';

/** What a thread posts of itself once it has loaded. */
export function threadLoaded(): { loadedThread: number } {
  return { loadedThread: threadId };
}

/** What it answers resolves when no thread is loading: each has loaded or is gone. It keeps the process alive until then. */
export function watchLoading(pool: Piscina): () => Promise<void> {
  const loaded = new Set<number>();
  pool.on('message', (message: unknown) => {
    const thread = loadedThread(message);
    if (thread !== null) loaded.add(thread);
  });
  const loading = () => pool.threads.filter((thread) => !loaded.has(thread.threadId));
  return async () => {
    while (loading().length > 0) await Promise.all(loading().map(loadedOrGone));
  };
}

function loadedThread(message: unknown): number | null {
  if (typeof message !== 'object' || message === null || !('loadedThread' in message)) return null;
  return typeof message.loadedThread === 'number' ? message.loadedThread : null;
}

function loadedOrGone(thread: Worker): Promise<void> {
  thread.ref();
  return new Promise((resolve) => {
    thread.once('exit', () => resolve());
    thread.on('message', (message) => {
      if (loadedThread(message) !== null) resolve();
    });
  });
}
