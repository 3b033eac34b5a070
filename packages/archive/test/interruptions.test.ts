import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type ArchiveEntry, buildPackage, type Compression } from '../src/index.ts';
import { filesIn, invoices, noisyEntries, packageKey, workFolder } from './support.ts';

const compressions: Compression[] = ['TarGz', 'Zip'];

describe.each(compressions)('building a package as %s', (compression) => {
  const folder = workFolder();
  const build = (entries: AsyncIterable<ArchiveEntry> | Iterable<ArchiveEntry>, signal?: AbortSignal) =>
    buildPackage({
      entries,
      compression,
      directory: folder.path,
      partBytesMax: 1_000_000,
      signal,
      ...packageKey,
    });

  it('does not start when already aborted', async () => {
    await expect(build(invoices(5), AbortSignal.abort(new Error('shutting down')))).rejects.toThrow(
      'shutting down',
    );
    expect(await filesIn(folder.path)).toEqual([]);
  });

  it('stops in the middle when aborted, and leaves no file', async () => {
    const controller = new AbortController();
    let filesBefore: string[] = [];
    let closed = false;
    async function* entries() {
      try {
        yield* noisyEntries(60, 200_000);
        filesBefore = await filesIn(folder.path);
        controller.abort(new Error('shutting down'));
        yield* invoices(10);
      } finally {
        closed = true;
      }
    }
    await expect(build(entries(), controller.signal)).rejects.toThrow('shutting down');
    expect(filesBefore.length).toBeGreaterThan(0);
    expect(closed).toBe(true);
    expect(await filesIn(folder.path)).toEqual([]);
  });

  it('stops at once when aborted, even while the source hangs', async () => {
    const controller = new AbortController();
    async function* entries() {
      yield* invoices(3);
      queueMicrotask(() => controller.abort(new Error('shutting down')));
      await new Promise(() => undefined);
    }
    await expect(build(entries(), controller.signal)).rejects.toThrow('shutting down');
    expect(await filesIn(folder.path)).toEqual([]);
  });

  it('passes on the failure of the source, and leaves no file', async () => {
    async function* entries() {
      yield* noisyEntries(20, 200_000);
      throw new Error('the database went away');
    }
    await expect(build(entries())).rejects.toThrow('the database went away');
    expect(await filesIn(folder.path)).toEqual([]);
  });

  it('passes on the failure of the disk', async () => {
    async function* entries() {
      yield* noisyEntries(40, 200_000);
      await rm(folder.path, { recursive: true });
      yield* noisyEntries(20, 200_001);
    }
    const renamed = async function* () {
      let index = 0;
      for await (const entry of entries()) yield { ...entry, name: `${index++}.xml` };
    };
    await expect(build(renamed())).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is not disturbed by a signal that never aborts', async () => {
    const built = await build(invoices(100), new AbortController().signal);
    expect(built.invoiceCount).toBe(100);
  });

  it('holds back its source: it never reads far ahead of the disk', async () => {
    let readBytes = 0;
    let aheadBytesMax = 0;
    const writtenBytes = async () => (await filesIn(folder.path)).length * 1_000_000;
    async function* entries() {
      for (const entry of noisyEntries(300, 100_000)) {
        readBytes += entry.bytes.length;
        aheadBytesMax = Math.max(aheadBytesMax, readBytes - (await writtenBytes()));
        yield entry;
      }
    }
    await build(entries());
    expect(readBytes).toBe(30_000_000);
    expect(aheadBytesMax).toBeLessThan(12_000_000);
  });
});
