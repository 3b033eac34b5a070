/** The bare primitives on all cores at once, with nothing to put together in the end: no package can be that quick. */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { BareInvoice, BareWork } from './bare.ts';

export interface BareThreads {
  run(work: BareWork): Promise<void>;
  close(): Promise<void>;
}

export async function startBareThreads(invoices: readonly BareInvoice[]): Promise<BareThreads> {
  const threads = availableParallelism();
  const share = Math.ceil(invoices.length / threads);
  const workers = Array.from({ length: threads }, (_, index) => {
    const ofThread = invoices.slice(index * share, (index + 1) * share);
    const workerData = ofThread.map(({ bytes, deflated }) => ({ bytes, deflated }));
    return new Worker(new URL('./bare-thread.ts', import.meta.url), { workerData });
  });
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  return {
    async run(work) {
      const done = workers.map((worker) => once(worker, 'message'));
      for (const worker of workers) worker.postMessage(work);
      await Promise.all(done);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
