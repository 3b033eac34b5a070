/** One of the threads that do the bare primitives, each on its share of the invoices. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { bare } from './bare.ts';

const compressionName = z.enum(['TarGz', 'Zip']);
const invoices = z.array(z.instanceof(Uint8Array)).parse(workerData);

parentPort?.on('message', (message: unknown) => {
  bare(invoices, compressionName.parse(message));
  parentPort?.postMessage('done');
});
parentPort?.postMessage('ready');
