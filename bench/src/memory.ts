/**
 * What sending one package costs the worker in memory, against the package's size: each in a process of its own that
 * sends the session as a worker does, from stored payloads to uploaded parts.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Compression } from '@wsad/archive';
import type { Benchmark } from './measure.ts';
import { type Sending, sendingLine } from './memory/sending.ts';
import { openSink } from './memory/sink.ts';

const SENDER = fileURLToPath(new URL('./memory/sender.ts', import.meta.url));
const MEGABYTES = [10, 100, 300, 1000];
const SMOKE_MEGABYTES = [1, 2];
const COMPRESSIONS: readonly Compression[] = ['TarGz', 'Zip'];
const MB = 1e6;

export const memory: Benchmark = {
  name: 'memory',
  what: 'peak memory of a worker that sends one package of 10 MB to 1 GB',
  async run({ smoke = false } = {}) {
    const sizes = smoke ? SMOKE_MEGABYTES : MEGABYTES;
    const figures: Record<string, number> = {};
    const series = [];
    for (const compression of COMPRESSIONS) {
      const peaks: number[] = [];
      for (const megabytes of sizes) {
        const sending = await send(compression, megabytes);
        peaks.push(sending.peakBytes / MB);
        const name = `${compression === 'Zip' ? 'zip' : 'tarGz'}${megabytes}Mb`;
        figures[`${name}PeakMb`] = sending.peakBytes / MB;
        figures[`${name}Parts`] = sending.parts;
        figures[`${name}Ms`] = sending.elapsedMs;
        figures[`${name}LoopP99Ms`] = sending.loopP99Ms;
      }
      figures[`${compression === 'Zip' ? 'zip' : 'tarGz'}GrowthMb`] = (peaks.at(-1) ?? 0) - (peaks[0] ?? 0);
      series.push({ label: compression, x: [...sizes], y: peaks });
    }
    return {
      figures,
      plots: [
        {
          kind: 'lines',
          name: 'memory',
          title: 'Peak memory of a worker sending one package',
          x: { label: 'size of the package, MB' },
          y: { label: 'peak resident memory, MB' },
          series,
        },
      ],
    };
  },
};

/** The storage is in this process, so that only the worker is in the other. */
async function send(compression: Compression, megabytes: number): Promise<Sending> {
  const sink = await openSink();
  try {
    const args = [SENDER, compression, String(megabytes), sink.url];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    if (code !== 0) throw new Error(`sending ${megabytes} MB as ${compression} ended with ${String(code)}`);
    const sending = sendingLine.parse(JSON.parse(output));
    if (sink.receivedBytes() < sending.packageBytes) throw new Error('not all of the package has arrived');
    return sending;
  } finally {
    await sink.close();
  }
}
