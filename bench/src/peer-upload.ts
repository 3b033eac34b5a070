/**
 * The same 10,000 invoices from the first byte of their package to their known results, by wsad and by another client:
 * both against the emulator in a process of its own, taking turns. The other stores nothing, checks nothing and maps no
 * result to an invoice. Of wsad it is the time from the last 202 to the last KSeF number stored with its UPO, so the
 * ring, the claim and every commit are in it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { makeInvoice } from '@wsad/samples';
import { createTarGz, KSeFClient, parseUpoXml, uploadBatch } from 'ksef-client-ts';
import { runDemo } from './demo.ts';
import type { Benchmark } from './measure.ts';

const EMULATOR = fileURLToPath(new URL('../../apps/emulator/src/main.ts', import.meta.url));
const NIP = '5265877635';
const ROUNDS = 2;
/** Its own default is 2 s; so often it asks about as wsad does. */
const POLLS = { intervalMs: 200, maxAttempts: 600 };

export const peerUpload: Benchmark = {
  name: 'peer-upload',
  what: '10,000 invoices from package to settled, against uploadBatch of ksef-client-ts without durability or checks',
  async run({ smoke = false }: { smoke?: boolean } = {}) {
    const [invoices, rounds] = smoke ? [50, 1] : [10_000, ROUNDS];
    let oursMs = Number.POSITIVE_INFINITY;
    let peerMs = Number.POSITIVE_INFINITY;
    for (let round = 0; round < rounds; round += 1) {
      const ours = await runDemo(['--invoices', String(invoices), '--speed', 'instant', '--no-xsd']);
      oursMs = Math.min(oursMs, ours.lastAcceptedToLastNumberMs);
      peerMs = Math.min(peerMs, await withEmulator((url) => upload(url, invoices)));
    }
    return { oursMs, peerMs, peerToOurs: peerMs / oursMs };
  },
};

/** Packs, sends, waits and reads the receipts; answers the milliseconds it took. The login is not counted. */
async function upload(baseUrl: string, count: number): Promise<number> {
  const files = filesOf(count);
  const client = new KSeFClient({ baseUrl, environment: 'TEST' });
  await client.crypto.init();
  await client.loginWithToken('any-token', NIP);
  const startedAt = performance.now();
  const archive = await createTarGz(files);
  const { upo } = await uploadBatch(client, archive, { compressionType: 'TarGz', pollOptions: POLLS });
  const pages = await Promise.all(
    upo.pages.map(async ({ downloadUrl }) => (await fetch(downloadUrl)).text()),
  );
  const told = pages.flatMap((xml) => parseUpoXml(xml).dokumenty).length;
  const elapsedMs = performance.now() - startedAt;
  if (told !== count) throw new Error(`the other client got ${told} of ${count} invoices through`);
  return elapsedMs;
}

/** Made as the demo makes them. */
function filesOf(count: number): { fileName: string; content: Buffer }[] {
  const issueDate = new Date().toISOString().slice(0, 10);
  return Array.from({ length: count }, (_, seed) => ({
    fileName: `${seed}.xml`,
    content: Buffer.from(makeInvoice({ nip: NIP, number: `FV/${seed + 1}`, issueDate, seed })),
  }));
}

async function withEmulator<T>(work: (url: string) => Promise<T>): Promise<T> {
  const port = await freePort();
  const args = [EMULATOR, '--port', String(port), '--speed', 'instant', '--no-xsd'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  try {
    await listening(child);
    return await work(`http://127.0.0.1:${port}`);
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
}

async function listening({ stdout }: ChildProcess): Promise<void> {
  if (stdout !== null) await once(createInterface({ input: stdout }), 'line');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
