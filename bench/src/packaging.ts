/**
 * Packaging 10,000 invoices, against the bare primitives it is made of, on one thread and on all, and against another
 * client's packaging of the same; and what our deflating costs and saves beside each level of zlib's. Packaging begins with the stored
 * payloads, as the worker does, and the peer with the plain invoices. So do the bare primitives, except for the "stored"
 * ones: they unpack each payload where the others hash each invoice, which was done when it was taken in.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPackage, type Compression, newPackageKey } from '@wsad/archive';
import { type Benchmark, bestOf, type Figures } from './measure.ts';
import { bare } from './packaging/bare.ts';
import { startBareThreads } from './packaging/bare-threads.ts';
import { watchedBest } from './packaging/delay.ts';
import { type Entry, makeEntries } from './packaging/entries.ts';
import { levels } from './packaging/levels.ts';
import { peerPackage } from './packaging/peer.ts';

const INVOICES = 10_000;
const ROUNDS = 5;
const SMOKE_INVOICES = 20;

type Build = (compression: Compression) => () => Promise<number>;

export const packaging: Benchmark = {
  name: 'packaging',
  what: '10,000 invoices into encrypted, hashed parts, against hash + compress + hash + encrypt + hash',
  async run({ smoke = false } = {}) {
    const entries = makeEntries(smoke ? SMOKE_INVOICES : INVOICES);
    const rounds = smoke ? 1 : ROUNDS;
    const directory = await mkdtemp(join(tmpdir(), 'wsad-bench-'));
    const key = newPackageKey(randomBytes);
    const build: Build = (compression) => async () => {
      const built = await buildPackage({ entries, compression, ...key, directory });
      await built.dispose();
      return built.sizeBytes;
    };
    try {
      const times = await timesOf(entries, build, rounds);
      return {
        ...times,
        ...ratiosOf(times),
        ...(await costs(entries, build, rounds)),
        ...(await levels(Buffer.concat(entries.map(({ bytes }) => bytes)), rounds)),
        tarGzBytes: await build('TarGz')(),
        zipBytes: await build('Zip')(),
      };
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};

async function timesOf(entries: readonly Entry[], build: Build, rounds: number) {
  const threads = await startBareThreads(entries);
  try {
    return await bestOf(rounds, {
      tarGzMs: build('TarGz'),
      zipMs: build('Zip'),
      bareTarGzMs: () => bare(entries, 'TarGz'),
      bareStoredTarGzMs: () => bare(entries, 'StoredTarGz'),
      bareZipMs: () => bare(entries, 'Zip'),
      bareTarGzThreadsMs: () => threads.run('TarGz'),
      bareStoredTarGzThreadsMs: () => threads.run('StoredTarGz'),
      bareZipThreadsMs: () => threads.run('Zip'),
      peerTarGzMs: () => peerPackage(entries, 'TarGz'),
      peerZipMs: () => peerPackage(entries, 'Zip'),
    });
  } finally {
    await threads.close();
  }
}

function ratiosOf(times: Record<string, number>): Figures {
  const ratio = (above: string, below: string) => (times[above] ?? Number.NaN) / (times[below] ?? Number.NaN);
  return {
    tarGzToBareThreads: ratio('tarGzMs', 'bareTarGzThreadsMs'),
    tarGzToBareStoredThreads: ratio('tarGzMs', 'bareStoredTarGzThreadsMs'),
    tarGzToBareOneThread: ratio('tarGzMs', 'bareTarGzMs'),
    zipToBareThreads: ratio('zipMs', 'bareZipThreadsMs'),
    zipToBareOneThread: ratio('zipMs', 'bareZipMs'),
    peerTarGzToOurs: ratio('peerTarGzMs', 'tarGzMs'),
    peerZipToOurs: ratio('peerZipMs', 'zipMs'),
  };
}

/** Of all threads together, which hardly minds a busy machine; and how long the event loop had to wait meanwhile. */
async function costs(entries: readonly Entry[], build: Build, rounds: number): Promise<Figures> {
  const tarGz = await watchedBest(rounds, build('TarGz'));
  const zip = await watchedBest(rounds, build('Zip'));
  const bareTarGz = await watchedBest(rounds, () => bare(entries, 'TarGz'));
  const bareStored = await watchedBest(rounds, () => bare(entries, 'StoredTarGz'));
  const bareZip = await watchedBest(rounds, () => bare(entries, 'Zip'));
  return {
    tarGzCpuMs: tarGz.cpuMs,
    zipCpuMs: zip.cpuMs,
    bareTarGzCpuMs: bareTarGz.cpuMs,
    bareStoredTarGzCpuMs: bareStored.cpuMs,
    bareZipCpuMs: bareZip.cpuMs,
    tarGzCpuToBare: tarGz.cpuMs / bareTarGz.cpuMs,
    tarGzCpuToBareStored: tarGz.cpuMs / bareStored.cpuMs,
    zipCpuToBare: zip.cpuMs / bareZip.cpuMs,
    tarGzLoopP99Ms: tarGz.loopP99Ms,
    zipLoopP99Ms: zip.loopP99Ms,
  };
}
