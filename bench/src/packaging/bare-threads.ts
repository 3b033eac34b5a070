/** The bare primitives on all cores at once, with nothing to put together in the end: no package can be that quick. */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Compression } from '@wsad/archive';

export interface BareThreads {
  run(compression: Compression): Promise<void>;
  close(): Promise<void>;
}

export async function startBareThreads(invoices: readonly Uint8Array[]): Promise<BareThreads> {
  const threads = availableParallelism();
  const share = Math.ceil(invoices.length / threads);
  const workers = Array.from({ length: threads }, (_, index) => {
    const workerData = invoices.slice(index * share, (index + 1) * share);
    return new Worker(new URL('./bare-thread.ts', import.meta.url), { workerData });
  });
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  return {
    async run(compression) {
      const done = workers.map((worker) => once(worker, 'message'));
      for (const worker of workers) worker.postMessage(compression);
      await Promise.all(done);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
