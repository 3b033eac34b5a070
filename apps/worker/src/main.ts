import { runProcess } from '@wsad/wiring';
import { startWorker } from './start-worker.ts';

await runProcess('worker', (world, queue, config) => startWorker(world, queue, config.workerConcurrency));
