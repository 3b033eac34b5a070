import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import yauzl from 'yauzl';
import { buildPackage } from '../src/index.ts';
import { centralDirectory, localHeader } from '../src/zip-records.ts';
import {
  collected,
  decryptedArchive,
  digests,
  entryOf,
  invoices,
  noisyEntries,
  packageKey,
  readZip,
  unpacked,
  workFolder,
} from './support.ts';

describe('the zip', () => {
  const folder = workFolder();

  it('has right checksums, UTF-8 names, and nothing of the machine or the moment', async () => {
    const entries = [...invoices(20), ...noisyEntries(2, 100_000), entryOf('ż.xml', Buffer.from('ż'))];
    const built = await buildPackage({ entries, compression: 'Zip', directory: folder.path, ...packageKey });
    const zipFile = await yauzl.fromBufferPromise(await decryptedArchive(built));
    let index = 0;
    for await (const entry of zipFile.eachEntry()) {
      expect(entry).toMatchObject({
        crc32: crc32(entries[index]!.bytes),
        compressionMethod: 8,
        generalPurposeBitFlag: 0x0800,
        lastModFileDate: 0x0021,
        lastModFileTime: 0,
        externalFileAttributes: 0o100644 * 2 ** 16,
        extraFieldLength: 0,
      });
      index += 1;
    }
    expect(index).toBe(entries.length);
  });

  it('holds the deflated bytes as they came, whatever made them', async () => {
    const plain = invoices(3);
    const entries = plain.map((entry, level) => ({
      ...entry,
      deflated: deflateRawSync(entry.bytes, { level, windowBits: 9 }),
    }));
    const built = await buildPackage({ entries, compression: 'Zip', directory: folder.path, ...packageKey });
    const archive = await decryptedArchive(built);

    for (const { deflated } of entries) expect(archive.includes(deflated)).toBe(true);
    expect(digests(await unpacked(archive, 'Zip'))).toEqual(digests(plain));
  });

  it('is zip64 with more than 65,535 entries', async () => {
    const { record, bytes } = zipEntry('any.xml', '<any/>', 0);
    const records = Array.from({ length: 65_600 }, (_, index) => ({
      ...record,
      name: `${index}.xml`,
    }));
    const archive = Buffer.concat([bytes, ...centralDirectory(records, bytes.length)]);

    const zipFile = await yauzl.fromBufferPromise(archive);
    const read = await collected(zipFile.eachEntry());
    expect(read).toHaveLength(65_600);
    expect(read.at(-1)!.fileName).toBe('65599.xml');
    const last = await zipFile.openReadStreamPromise(read.at(-1)!);
    expect((await buffer(last)).toString()).toBe('<any/>');
  });

  it.each([2 ** 32 - 1, 4_900_000_000])('is zip64 with an entry at byte %d', async (offsetBytes) => {
    const near = zipEntry('near.xml', '<near/>', 0);
    const far = zipEntry('far.xml', '<far/>', offsetBytes);
    const directoryAt = offsetBytes + far.bytes.length;
    const path = join(folder.path, 'sparse.zip');
    const file = await open(path, 'w');
    await file.write(near.bytes, 0, near.bytes.length, 0);
    await file.write(far.bytes, 0, far.bytes.length, offsetBytes);
    const directory = Buffer.concat([...centralDirectory([near.record, far.record], directoryAt)]);
    await file.write(directory, 0, directory.length, directoryAt);
    await file.close();

    const read = await readZip(await yauzl.openPromise(path));
    expect(read.map(({ name, bytes }) => [name, bytes.toString()])).toEqual([
      ['near.xml', '<near/>'],
      ['far.xml', '<far/>'],
    ]);
  });
});

function zipEntry(name: string, content: string, offsetBytes: number) {
  const deflated = deflateRawSync(content);
  const record = {
    name,
    crc: crc32(content),
    deflatedBytes: deflated.length,
    plainBytes: content.length,
    offsetBytes,
  };
  return { record, bytes: Buffer.concat([localHeader(record), deflated]) };
}
