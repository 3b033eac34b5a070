import { describe, expect, it } from 'vitest';
import { buildPackage, type Compression } from '../src/index.ts';
import { noisyEntries, packageKey, workFolder } from './support.ts';

const compressions: Compression[] = ['TarGz', 'Zip'];
const GROWTH_BYTES_MAX = 128_000_000;

describe('memory', () => {
  const folder = workFolder();

  it.each(compressions)(
    'stays bounded for 200 MB that do not compress, as %s',
    async (compression) => {
      const before = process.memoryUsage().rss;
      let peak = before;
      async function* watched() {
        for (const entry of noisyEntries(200, 1_000_000)) {
          peak = Math.max(peak, process.memoryUsage().rss);
          yield { ...entry, bytes: Buffer.from(entry.bytes) };
        }
      }
      const input = { entries: watched(), compression, level: 1, directory: folder.path, ...packageKey };
      const { signal } = new AbortController();
      const built = await buildPackage({ ...input, partBytesMax: 10_000_000, signal });

      expect(built.parts).toHaveLength(21);
      expect(peak - before).toBeLessThan(GROWTH_BYTES_MAX);
    },
    120_000,
  );
});
