import { once } from 'node:events';
import { appendFile, rm, truncate } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { buildPackage, openPart, type PackagePart } from '../src/index.ts';
import { noisyEntries, packageKey, sha256, workFolder } from './support.ts';

describe('a part opened for upload', () => {
  const folder = workFolder();

  async function builtPart(): Promise<PackagePart> {
    const entries = noisyEntries(3, 300_000);
    const built = await buildPackage({ entries, compression: 'Zip', directory: folder.path, ...packageKey });
    return built.parts[0]!;
  }

  it('streams exactly its bytes, as often as asked, at the same time too', async () => {
    const part = await builtPart();
    const contents = await Promise.all([buffer(openPart(part)), buffer(openPart(part))]);
    contents.push(await buffer(openPart(part)));
    for (const content of contents) {
      expect(content.length).toBe(part.sizeBytes);
      expect(sha256(content)).toBe(part.sha256);
    }
  });

  it.each([
    ['gone', (path: string) => rm(path)],
    ['cut', (path: string) => truncate(path, 100)],
    ['grown', (path: string) => appendFile(path, 'x')],
  ])('fails where its file is %s', async (_, change) => {
    const part = await builtPart();
    await change('path' in part.content ? part.content.path : '');
    await expect(buffer(openPart(part))).rejects.toMatchObject({ code: 'ARCHIVE_PART_CHANGED' });
  });

  it('streams a small part from memory, as often as asked', async () => {
    const entries = noisyEntries(3, 1_000);
    const built = await buildPackage({ entries, compression: 'Zip', directory: folder.path, ...packageKey });
    const [part] = built.parts;
    expect(part?.content).toHaveProperty('bytes');
    for (const content of [await buffer(openPart(part!)), await buffer(openPart(part!))])
      expect(sha256(content)).toBe(part?.sha256);
  });

  it('can be left half read', async () => {
    const stream = openPart(await builtPart());
    await once(stream, 'readable');
    expect(stream.read(10)).toHaveLength(10);
    stream.destroy();
    await once(stream, 'close');
    expect(stream.destroyed).toBe(true);
  });
});
