/** Benchmarks in simulated time, each in a thread of its own: they may share the machine, and keep all of its cores at work. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Benchmark, Drawn, RunOptions } from './measure.ts';

const THREAD = new URL('./simulated-thread.ts', import.meta.url);

export async function measureInThread({ name }: Benchmark, options: RunOptions): Promise<Drawn> {
  const thread = new Worker(THREAD, { workerData: { name, options } });
  try {
    const [drawn] = (await once(thread, 'message')) as [Drawn];
    return drawn;
  } finally {
    await thread.terminate();
  }
}
