import { randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type ArchiveEntry, buildPackage, type Compression, openPart } from '../src/index.ts';
import {
  bytesOfFiles,
  decryptedArchive,
  digests,
  entryOf,
  filesIn,
  invoices,
  noisyEntries,
  packageKey,
  sha256,
  unpacked,
  workFolder,
} from './support.ts';

const compressions: Compression[] = ['TarGz', 'Zip'];

describe.each(compressions)('a package as %s', (compression) => {
  const folder = workFolder();
  const build = (entries: AsyncIterable<ArchiveEntry> | Iterable<ArchiveEntry>, partBytesMax?: number) =>
    buildPackage({ entries, compression, directory: folder.path, partBytesMax, ...packageKey });

  it('holds the invoices in order, byte for byte', async () => {
    const entries = invoices(500);
    const built = await build(entries);
    const archive = await decryptedArchive(built);

    expect(built).toMatchObject({ compression, invoiceCount: 500, sizeBytes: archive.length });
    expect(built.sha256).toBe(sha256(archive));
    expect(digests(await unpacked(archive, compression))).toEqual(digests(entries));
  });

  it('is one part where it fits, and tells its encrypted size and hash', async () => {
    const built = await build(invoices(3));
    const encrypted = await buffer(openPart(built.parts[0]!));

    expect(built.parts).toHaveLength(1);
    expect(built.parts[0]).toMatchObject({
      ordinal: 1,
      sizeBytes: encrypted.length,
      sha256: sha256(encrypted),
    });
    expect(built.parts[0]!.sizeBytes).toBe(Math.floor(built.sizeBytes / 16) * 16 + 16);
  });

  it('is split before encryption, every part but the last full', async () => {
    const built = await build(noisyEntries(20, 10_000), 16_000);
    const encryptedBytesOf = (plainBytes: number) => Math.floor(plainBytes / 16) * 16 + 16;
    const lastPlainBytes = built.sizeBytes - 16_000 * (built.parts.length - 1);

    expect(built.parts.length).toBe(Math.ceil(built.sizeBytes / 16_000));
    expect(built.parts.map((part) => part.ordinal)).toEqual(built.parts.map((_, index) => index + 1));
    expect(built.parts.slice(0, -1).every((part) => part.sizeBytes === encryptedBytesOf(16_000))).toBe(true);
    expect(built.parts.at(-1)!.sizeBytes).toBe(encryptedBytesOf(lastPlainBytes));
  });

  it('starts no empty part where the archive ends on a border', async () => {
    const whole = await build(invoices(30));
    const split = await build(invoices(30), whole.sizeBytes);
    expect(split.parts).toHaveLength(1);
  });

  it('has the same bytes whenever and however it is built', async () => {
    async function* oneByOne(entries: ArchiveEntry[]) {
      for (const entry of entries) {
        await nextTurn();
        yield { ...entry, deflated: new Uint8Array(entry.deflated) };
      }
    }
    const entries = [...invoices(300), ...noisyEntries(30, 70_000)];
    const first = await build(entries, 1_000_000);
    const second = await build(oneByOne(entries), 1_000_000);

    expect(second.sha256).toBe(first.sha256);
    expect(second.parts.map((part) => part.sha256)).toEqual(first.parts.map((part) => part.sha256));
  });

  it('has other bytes with another key or another order', async () => {
    const input = { entries: invoices(50), compression, directory: folder.path, ...packageKey };
    const plain = await buildPackage(input);
    const rekeyed = await buildPackage({ ...input, key: randomBytes(32) });
    const reordered = await buildPackage({ ...input, entries: invoices(50).reverse() });

    expect(rekeyed.sha256).toBe(plain.sha256);
    expect(rekeyed.parts[0]!.sha256).not.toBe(plain.parts[0]!.sha256);
    expect(reordered.sha256).not.toBe(plain.sha256);
  });

  it('keeps names of 128 characters and of other alphabets', async () => {
    const names = [
      'a'.repeat(128),
      'ą'.repeat(128),
      `${'ż'.repeat(50)}x.xml`,
      'b'.repeat(100),
      'c'.repeat(101),
      'faktura 1 (kopia).xml',
      '発票.xml',
      '🧾.xml',
      'plain.xml',
    ];
    const entries = names.map((name) => entryOf(name, Buffer.from(name)));
    const built = await build(entries);
    expect(digests(await unpacked(await decryptedArchive(built), compression))).toEqual(digests(entries));
  });

  it('writes files that only their owner can read, in a folder of its own', async () => {
    const first = await build(noisyEntries(3, 300_000));
    const second = await build(noisyEntries(3, 300_000));
    const files = await filesIn(folder.path);

    expect(files).toHaveLength(2);
    expect(new Set(files.map((file) => dirname(file))).size).toBe(2);
    for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600);
    for (const bytes of await bytesOfFiles(files))
      expect([first, second].map(({ parts }) => parts[0]?.sha256)).toContain(sha256(bytes));
  });

  it('needs no disk for parts of half a megabyte and less', async () => {
    const directory = join(folder.path, 'not', 'there', 'yet');
    const small = { entries: noisyEntries(5, 100_000), compression, directory, ...packageKey };
    const built = await buildPackage(small);
    await decryptedArchive(built);
    expect(await readdir(folder.path)).toEqual([]);

    const split = await build(noisyEntries(7, 100_000), 600_000);
    expect(split.parts.map(({ content }) => 'path' in content)).toEqual([true, false]);
    const archive = await decryptedArchive(split);
    expect(sha256(archive)).toBe(split.sha256);
    await split.dispose();
    expect(await filesIn(folder.path)).toEqual([]);
  });

  it('deletes its files when disposed of, once or twice', async () => {
    const built = await build(noisyEntries(5, 600_000), 600_000);
    expect((await filesIn(folder.path)).length).toBeGreaterThan(1);
    await built.dispose();
    await built.dispose();
    expect(await filesIn(folder.path)).toEqual([]);
  });

  it('makes no directory that is missing: it would lie on another disk than was meant', async () => {
    const directory = join(folder.path, 'not', 'there');
    const building = buildPackage({
      entries: noisyEntries(3, 300_000),
      compression,
      directory,
      ...packageKey,
    });
    await expect(building).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readdir(folder.path)).toEqual([]);
  });
});
