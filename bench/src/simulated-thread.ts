/** One of those threads. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { BENCHMARKS } from './benchmarks.ts';
import { measure } from './measure.ts';

const work = z.object({ name: z.string(), options: z.object({ smoke: z.boolean().optional() }) });

const { name, options } = work.parse(workerData);
const benchmark = BENCHMARKS.find((candidate) => candidate.name === name);
if (benchmark === undefined) throw new Error(`there is no benchmark "${name}"`);
parentPort?.postMessage(await measure(benchmark, { smoke: options.smoke ?? false }));
