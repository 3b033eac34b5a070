/** One thread of the bare check: says that it is ready, then answers every message when its files are checked. */
import { parentPort, workerData } from 'node:worker_threads';
import { compileSchemas } from '@wsad/invoice/schemas';
import { XmlDocument } from 'libxml2-wasm';

const files: readonly Uint8Array[] = workerData;
const schema = compileSchemas().get('FA (3)');
if (schema === undefined) throw new Error('there is no schema of FA (3)');

function checkAll(): void {
  for (const bytes of files) {
    const document = XmlDocument.fromBuffer(bytes);
    schema?.validate(document);
    document.dispose();
  }
}

parentPort?.on('message', () => {
  checkAll();
  parentPort?.postMessage('done');
});
parentPort?.postMessage('ready');
