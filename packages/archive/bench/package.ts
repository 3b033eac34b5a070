/**
 * Builds packages from a folder of invoices and compares with the bare primitives.
 *
 *   node packages/archive/bench/package.ts <folder of XML files> [invoices]
 */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import {
  type ArchiveEntry,
  buildPackage,
  type Compression,
  DEFAULT_LEVEL,
  newPackageKey,
} from '../src/index.ts';
import { tarEnd, tarEntry } from '../src/tar.ts';

const ROUNDS = 5;
const packageKey = newPackageKey(randomBytes);

const say = (line: string) => process.stdout.write(`${line}\n`);
const ms = (time: number) => `${time.toFixed(0).padStart(6)} ms`;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2).padStart(6)} MB`;

async function entriesOf(folder: string, count: number): Promise<ArchiveEntry[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.xml')).sort();
  const samples = await Promise.all(names.map((name) => readFile(join(folder, name))));
  return Array.from({ length: count }, (_, index) => ({
    name: `${String(index).padStart(5, '0')}.xml`,
    bytes: Buffer.from(samples[index % samples.length] ?? Buffer.alloc(0)),
  }));
}

function zipped(bytes: Uint8Array, level: number): Buffer {
  crc32(bytes);
  return deflateRawSync(bytes, { level });
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}

/** Time on the clock, and of all threads of this process together: the second hardly minds a busy machine. */
function started(): () => Times {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  return () => {
    const timeMs = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(cpu);
    return { timeMs, cpuMs: (user + system) / 1000 };
  };
}

interface Times {
  timeMs: number;
  cpuMs: number;
}

/** On one thread, nothing in parallel: hash each, compress (one tar made before), hash, encrypt, hash. */
function barePrimitives(entries: ArchiveEntry[], compression: Compression, level: number): Times {
  const tar = Buffer.concat([...entries.flatMap(tarEntry), tarEnd]);
  const stop = started();
  for (const { bytes } of entries) sha256(bytes);
  const archive =
    compression === 'TarGz'
      ? gzipSync(tar, { level, chunkSize: 1 << 20 })
      : Buffer.concat(entries.map(({ bytes }) => zipped(bytes, level)));
  sha256(archive);
  const cipher = createCipheriv('aes-256-cbc', packageKey.key, packageKey.iv);
  sha256(Buffer.concat([cipher.update(archive), cipher.final()]));
  return stop();
}

interface Measured extends Times {
  sizeBytes: number;
  delayP99Ms: number;
  delayMaxMs: number;
}

async function measuredBuild(
  entries: ArchiveEntry[],
  compression: Compression,
  level: number,
): Promise<Measured> {
  const directory = await mkdtemp(join(tmpdir(), 'archive-bench-'));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const stop = started();
  const built = await buildPackage({ entries, compression, level, directory, ...packageKey });
  const times = stop();
  delay.disable();
  await rm(directory, { recursive: true });
  const { sizeBytes } = built;
  return { ...times, sizeBytes, delayP99Ms: delay.percentile(99) / 1e6, delayMaxMs: delay.max / 1e6 };
}

async function best<Result extends Times>(run: () => Promise<Result> | Result): Promise<Result> {
  let winner = await run();
  for (let round = 1; round < ROUNDS; round += 1) {
    const result = await run();
    if (result.timeMs < winner.timeMs) winner = result;
  }
  return winner;
}

async function compare(entries: ArchiveEntry[], compression: Compression, level: number): Promise<void> {
  const bare = await best(() => barePrimitives(entries, compression, level));
  const built = await best(() => measuredBuild(entries, compression, level));
  const ratio = (built.timeMs / bare.timeMs).toFixed(2);
  const cpuRatio = (built.cpuMs / bare.cpuMs).toFixed(2);
  say(
    `${compression.padEnd(5)} level ${level}: ${ms(built.timeMs)} (cpu ${ms(built.cpuMs)}), ` +
      `bare ${ms(bare.timeMs)} (cpu ${ms(bare.cpuMs)}), ratio ${ratio} (cpu ${cpuRatio}), ` +
      `${megabytes(built.sizeBytes)}, loop p99 ${ms(built.delayP99Ms)}, max ${ms(built.delayMaxMs)}`,
  );
}

const [folder, count = '10000'] = process.argv.slice(2);
if (folder === undefined) throw new Error('name a folder with XML invoices to pack');
const entries = await entriesOf(folder, Number(count));
const totalBytes = entries.reduce((sum, entry) => sum + entry.bytes.length, 0);
say(
  `${entries.length} invoices, ${megabytes(totalBytes)}, best of ${ROUNDS}; default level ${DEFAULT_LEVEL}`,
);
for (const level of [1, 3, 4, 5, 6]) await compare(entries, 'TarGz', level);
for (const level of [1, 4, 6]) await compare(entries, 'Zip', level);
