import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const DIST = new URL('../dist/', import.meta.url);
const BYTES_MAX = 200_000;
/** What the browser loads before the bookkeeper's page stands: the beginning, one catalogue, the page itself. */
const FIRST = ['index.html', 'src/words/pl/index.ts', 'src/pages/connection.tsx'];

interface Chunk {
  file: string;
  imports?: string[];
  css?: string[];
}

it('shows its first view out of less than 200 kB, compressed', async () => {
  const manifest: Record<string, Chunk> = JSON.parse(
    await readFile(new URL('.vite/manifest.json', DIST), 'utf8'),
  );
  const files = new Set(['index.html']);
  const seen = new Set<string>();
  const load = (name: string): void => {
    const chunk = manifest[name];
    if (chunk === undefined) throw new Error(`${name} is not in the built dashboard`);
    if (seen.has(name)) return;
    seen.add(name);
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    for (const next of chunk.imports ?? []) load(next);
  };
  for (const name of FIRST) load(name);
  const sizes = await Promise.all(
    [...files].map(async (file) => gzipSync(await readFile(new URL(file, DIST))).length),
  );
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(BYTES_MAX);
});
