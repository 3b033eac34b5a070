/** One of the threads that do the bare primitives, each on its share of the invoices. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { BARE_WORK, bare } from './bare.ts';

const work = z.enum(BARE_WORK);
const bytes = z.instanceof(Uint8Array);
const invoices = z.array(z.object({ bytes, deflated: bytes })).parse(workerData);

parentPort?.on('message', (message: unknown) => {
  bare(invoices, work.parse(message));
  parentPort?.postMessage('done');
});
parentPort?.postMessage('ready');
