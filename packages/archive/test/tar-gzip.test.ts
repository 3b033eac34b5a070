import { gunzipSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildPackage } from '../src/index.ts';
import { TAR_END_BYTES, tarEntryBytes, writeTarEntry } from '../src/tar.ts';
import {
  decryptedArchive,
  digests,
  entryOf,
  invoices,
  noisyEntries,
  packageKey,
  untarred,
  workFolder,
} from './support.ts';

describe('the gzip around the tar', () => {
  const folder = workFolder();

  async function archiveOf(entries: ReturnType<typeof invoices>): Promise<Buffer> {
    const input = { entries, compression: 'TarGz', directory: folder.path } as const;
    return decryptedArchive(await buildPackage({ ...input, ...packageKey }));
  }

  it('tells neither time nor system', async () => {
    const archive = await archiveOf(invoices(1));
    expect([...archive.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  });

  it('holds a single invoice of one byte', async () => {
    const entry = entryOf('a.xml', Buffer.from('<'));
    expect(digests(await untarred(gunzipSync(await archiveOf([entry]))))).toEqual(digests([entry]));
  });

  it('is one member, though its blocks were deflated apart', async () => {
    const archive = await archiveOf([...invoices(2_000), ...noisyEntries(3, 700_000)]);
    const body = archive.subarray(10, -8);
    const plain = inflateRawSync(body);

    expect(plain.length).toBeGreaterThan(4 * 512 * 1024);
    expect(plain.equals(gunzipSync(archive))).toBe(true);
    expect(archive.readUInt32LE(archive.length - 4)).toBe(plain.length);
  });

  it('is far smaller than invoices that are much alike, and no larger than what does not compress', async () => {
    const [alike, noisy] = [invoices(500), [...noisyEntries(10, 100_000)]];
    const archive = await archiveOf([...alike, ...noisy]);
    expect(digests(await untarred(gunzipSync(archive)))).toEqual(digests([...alike, ...noisy]));
    const alikeBytes = alike.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    expect(archive.length).toBeLessThan(1_001_000 + alikeBytes / 10);
  });

  it('refers back across the borders of its blocks', async () => {
    const [entry] = [...noisyEntries(1, 30_000)];
    const copies = Array.from({ length: 200 }, (_, index) => ({ ...entry!, name: `${index}.xml` }));
    expect((await archiveOf(copies)).length).toBeLessThan(4 * 30_000);
  });
});

describe('the tar', () => {
  it('is plain ustar for names of up to 100 ASCII characters', () => {
    expect(tarEntryBytes('a'.repeat(100), 513)).toBe(512 + 513 + 511);
    expect(tarEntryBytes('a'.repeat(101), 1)).toBe(4 * 512);
    expect(tarEntryBytes('ą', 1)).toBe(4 * 512);
  });

  it('has nothing of the machine or the moment in its headers', async () => {
    const { default: tarStream } = await import('tar-stream');
    const extract = tarStream.extract();
    extract.end(tarOf('a.xml', Buffer.from('<a/>')));
    for await (const entry of extract) {
      expect(entry.header).toMatchObject({
        name: 'a.xml',
        type: 'file',
        mode: 0o644,
        uid: 0,
        gid: 0,
        mtime: new Date(0),
        uname: '',
        gname: '',
      });
      entry.resume();
    }
  });

  it('counts the digits of a pax record into its length', async () => {
    for (let length = 60; length <= 128; length += 1) {
      const entry = { name: 'ż'.repeat(length), bytes: Buffer.from('<a/>') };
      expect(await untarred(tarOf(entry.name, entry.bytes))).toEqual([entry]);
    }
  });
});

/** In a buffer that was used before. */
function tarOf(name: string, bytes: Uint8Array): Buffer {
  const entryBytes = tarEntryBytes(name, bytes.length);
  const tar = Buffer.alloc(entryBytes + TAR_END_BYTES, 0xff);
  expect(writeTarEntry(tar, 0, name, bytes)).toBe(entryBytes);
  return tar.fill(0, entryBytes);
}
