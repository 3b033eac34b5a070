/** Parsing and the XSD alone, without a rule of ours, on as many threads as the machine has cores. */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

export interface BareCheck {
  /** Milliseconds of one check of all files. Each thread takes its share, which it has already. */
  run(): Promise<number>;
  close(): Promise<void>;
}

export async function startBareCheck(files: readonly Uint8Array[]): Promise<BareCheck> {
  const threads = availableParallelism();
  const workers = Array.from(
    { length: threads },
    (_, thread) =>
      new Worker(new URL('./bare-check-thread.ts', import.meta.url), {
        workerData: files.filter((_file, index) => index % threads === thread),
      }),
  );
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  return {
    async run() {
      const startedAt = performance.now();
      const done = workers.map((worker) => once(worker, 'message'));
      for (const worker of workers) worker.postMessage('go');
      await Promise.all(done);
      return performance.now() - startedAt;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
