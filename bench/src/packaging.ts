/**
 * Packaging 10,000 invoices, against the bare primitives it is made of, on one thread after another, and against another
 * client's packaging of the same.
 */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { buildPackage, DEFAULT_LEVEL, newPackageKey } from '@wsad/archive';
import { makeInvoice } from '@wsad/samples';
import { BatchFileBuilder, createTarGz, createZip } from 'ksef-client-ts';
import { type Benchmark, bestOf } from './measure.ts';

const INVOICES = 10_000;
const DIFFERENT_INVOICES = 500;
const ROUNDS = 5;
const SMOKE_INVOICES = 20;

export const packaging: Benchmark = {
  name: 'packaging',
  what: '10,000 invoices into encrypted, hashed parts, against hash + compress + hash + encrypt + hash',
  async run({ smoke = false } = {}) {
    const entries = makeEntries(smoke ? SMOKE_INVOICES : INVOICES);
    const key = newPackageKey(randomBytes);
    const directory = await mkdtemp(join(tmpdir(), 'wsad-bench-'));
    const build = (compression: 'TarGz' | 'Zip') => async () => {
      const built = await buildPackage({ entries, compression, ...key, directory });
      await built.dispose();
    };
    const best = await bestOf(smoke ? 1 : ROUNDS, {
      tarGzMs: build('TarGz'),
      zipMs: build('Zip'),
      bareTarGzMs: () => bare(entries, key, (all) => gzipSync(Buffer.concat(all), { level: DEFAULT_LEVEL })),
      bareZipMs: () =>
        bare(entries, key, (all) =>
          Buffer.concat(all.map((bytes) => deflateRawSync(bytes, { level: DEFAULT_LEVEL }))),
        ),
      peerTarGzMs: () => peer(entries, key, createTarGz),
      peerZipMs: () => peer(entries, key, createZip),
    });
    await rm(directory, { recursive: true, force: true });
    return {
      ...best,
      tarGzToBare: ratio(best.tarGzMs, best.bareTarGzMs),
      zipToBare: ratio(best.zipMs, best.bareZipMs),
      peerTarGzToOurs: ratio(best.peerTarGzMs, best.tarGzMs),
      peerZipToOurs: ratio(best.peerZipMs, best.zipMs),
    };
  },
};

function makeEntries(count: number): { name: string; bytes: Buffer }[] {
  const made = Array.from({ length: Math.min(count, DIFFERENT_INVOICES) }, (_, seed) =>
    Buffer.from(makeInvoice({ nip: '5265877635', number: `FV/${seed}`, issueDate: '2026-02-01', seed })),
  );
  return Array.from({ length: count }, (_, index) => ({
    name: `${String(index).padStart(5, '0')}.xml`,
    bytes: Buffer.from(made[index % made.length] ?? ''),
  }));
}

function bare(
  entries: readonly { bytes: Buffer }[],
  { key, iv }: { key: Buffer; iv: Buffer },
  compress: (all: Buffer[]) => Buffer,
): void {
  const all = entries.map(({ bytes }) => bytes);
  for (const bytes of all) sha256(bytes);
  const archive = compress(all);
  sha256(archive);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  sha256(Buffer.concat([cipher.update(archive), cipher.final()]));
}

/** As `ksef-client-ts` does it: the archive in memory, then split, encrypted and hashed. */
async function peer(
  entries: readonly { name: string; bytes: Buffer }[],
  { key, iv }: { key: Buffer; iv: Buffer },
  archive: typeof createZip,
): Promise<void> {
  const packed = await archive(entries.map(({ name, bytes }) => ({ fileName: name, content: bytes })));
  BatchFileBuilder.build(packed, (part) => {
    const cipher = createCipheriv('aes-256-cbc', key, iv);
    return Buffer.concat([cipher.update(part), cipher.final()]);
  });
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64');
}

function ratio(ours: number | undefined, theirs: number | undefined): number {
  return (ours ?? Number.NaN) / (theirs ?? Number.NaN);
}
