import { describe, expect, it } from 'vitest';
import { buildPackage, type Compression } from '../src/index.ts';
import { entryOf, noisyEntries, packageKey, workFolder } from './support.ts';

const compressions: Compression[] = ['TarGz', 'Zip'];
const GROWTH_BYTES_MAX = 128_000_000;

describe('memory', () => {
  const folder = workFolder();

  it.each(compressions)(
    'stays bounded for 200 MB that do not compress, as %s',
    async (compression) => {
      const directory = folder.path;
      // The threads that large packages share stay, and cost the same after one of 3 MB and after one of 200 MB.
      await buildPackage({ entries: noisyEntries(3, 1_000_000), compression, directory, ...packageKey });
      const before = process.memoryUsage().rss;
      let peak = before;
      async function* watched() {
        for (const entry of noisyEntries(200, 1_000_000)) {
          peak = Math.max(peak, process.memoryUsage().rss);
          yield { ...entry, deflated: Buffer.from(entry.deflated) };
        }
      }
      const input = { entries: watched(), compression, directory, ...packageKey };
      const { signal } = new AbortController();
      const built = await buildPackage({ ...input, partBytesMax: 10_000_000, signal });

      expect(built.parts).toHaveLength(21);
      expect(peak - before).toBeLessThan(GROWTH_BYTES_MAX);
    },
    120_000,
  );

  it.each(compressions)(
    'is not held by what is kept of each of 10,000 invoices, as %s',
    async (compression) => {
      const before = process.memoryUsage().rss;
      let peak = before;
      const { deflated, ...facts } = entryOf('', Buffer.alloc(20_000));
      function* watched() {
        for (let index = 0; index < 10_000; index += 1) {
          peak = Math.max(peak, process.memoryUsage().rss);
          // From the pool that Node cuts small buffers from: one that is kept keeps its neighbours.
          const copy = Buffer.allocUnsafe(deflated.length);
          copy.set(deflated);
          yield { ...facts, name: `${index}.xml`, deflated: copy };
        }
      }
      await buildPackage({
        entries: watched(),
        compression,
        directory: folder.path,
        ...packageKey,
      });

      expect(peak - before).toBeLessThan(GROWTH_BYTES_MAX);
    },
  );
});
