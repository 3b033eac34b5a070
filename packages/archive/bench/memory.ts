/**
 * Peak memory of one package that does not compress; run it once per size and compare.
 *
 *   node packages/archive/bench/memory.ts <TarGz|Zip> <megabytes>
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type ArchiveEntry, buildPackage, newPackageKey } from '../src/index.ts';

const ENTRY_BYTES = 200_000;
const noise = randomBytes(4_000_000);

function* noisyEntries(count: number): Generator<ArchiveEntry> {
  for (let index = 0; index < count; index += 1) {
    const from = (index * 7919) % (noise.length - ENTRY_BYTES);
    yield { name: `${index}.xml`, bytes: noise.subarray(from, from + ENTRY_BYTES) };
  }
}

const [format, megabytes = '10'] = process.argv.slice(2);
const compression = format === 'Zip' ? 'Zip' : 'TarGz';
const entries = noisyEntries((Number(megabytes) * 1e6) / ENTRY_BYTES);
const directory = await mkdtemp(join(tmpdir(), 'archive-bench-'));
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const startedAt = performance.now();
const built = await buildPackage({ entries, compression, directory, ...newPackageKey(randomBytes) });
const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
const peakMegabytes = (process.resourceUsage().maxRSS / 1024).toFixed(0);
const p99Ms = (delay.percentile(99) / 1e6).toFixed(1);
await rm(directory, { recursive: true });
process.stdout.write(
  `${compression} ${megabytes} MB: ${built.parts.length} parts in ${seconds} s, peak RSS ${peakMegabytes} MB, loop p99 ${p99Ms} ms\n`,
);
