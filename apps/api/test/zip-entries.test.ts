import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { Problem } from '@wsad/domain';
import { describeWithSmallDisk, seeded, smallDisk } from '@wsad/testkit';
import { makeZip, type ZipFileSpec } from '@wsad/testkit/zip-maker';
import fc from 'fast-check';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ArchiveBytes } from '../src/intake/archive-bytes.ts';
import { callBudget } from '../src/intake/call-budget.ts';
import { ENTRY_BYTES_MAX } from '../src/intake/entry.ts';
import { sourceEntries } from '../src/intake/zip.ts';
import { type ZipSource, zipSource } from '../src/intake/zip-source.ts';

const LIMITS = { bytesMax: 50_000_000, invoicesMax: 100 };
const XML = Buffer.from('<Faktura/>');
seeded();

describe('ZIP bodies', () => {
  it('unpacks stored and deflated files in the order of the list', async () => {
    const files = [
      { name: 'b.xml', data: XML, method: 'store' as const },
      { name: 'ą.XML', data: Buffer.from('<Zażółć/>') },
      { name: 'empty.xml', data: Buffer.alloc(0) },
    ];
    const entries = await read(makeZip(files));
    expect(entries.map(({ fileName }) => fileName)).toEqual(['b.xml', 'ą.XML', 'empty.xml']);
    expect(entries.map(({ text }) => text)).toEqual(['<Faktura/>', '<Zażółć/>', '']);
  });

  it('keeps the deflated bytes of what was packed well, and of that alone', async () => {
    const xml = Buffer.from('<a>1</a>'.repeat(200));
    const followed = Buffer.concat([deflateRawSync(xml), Buffer.from('more')]);
    const files = [
      { name: 'well.xml', data: xml },
      { name: 'stored.xml', data: xml, method: 'store' as const },
      { name: 'noise.xml', data: randomBytes(2_000) },
      { name: 'followed.xml', data: followed, method: 8, isPacked: true, claimedCrc: crc32(xml) },
    ];
    const entries = await read(makeZip(files));
    expect(entries.map(({ deflated }) => deflated && inflateRawSync(deflated))).toEqual([
      xml,
      null,
      null,
      null,
    ]);
  });

  it('reads an archive that is too large for memory from a file', async () => {
    const noise = Array.from({ length: 18 }, (_, index) => ({
      name: `${index}.xml`,
      data: randomBytes(2_000_000),
      method: 'store' as const,
    }));
    const entries = await read(makeZip(noise));
    expect(entries).toHaveLength(18);
  });

  it('measures an oversized file and does not keep it', async () => {
    const [entry] = await read(makeZip([{ name: 'a.xml', data: Buffer.alloc(ENTRY_BYTES_MAX + 1, 'a') }]));
    expect(entry).toMatchObject({ kind: 'oversized', sizeBytes: ENTRY_BYTES_MAX + 1 });
  });

  it.each<[string, string, ZipFileSpec[]]>([
    ['a path out of the archive', 'ARCHIVE_UNSAFE', [{ name: '../a.xml', data: XML }]],
    ['a path out of it with backslashes', 'ARCHIVE_UNSAFE', [{ name: '..\\a.xml', data: XML }]],
    ['an absolute path', 'ARCHIVE_UNSAFE', [{ name: '/etc/a.xml', data: XML }]],
    ['a drive', 'ARCHIVE_UNSAFE', [{ name: 'C:\\a.xml', data: XML }]],
    ['a folder', 'ARCHIVE_UNSAFE', [{ name: 'invoices/', data: Buffer.alloc(0) }]],
    ['a file in a folder', 'ARCHIVE_UNSAFE', [{ name: 'invoices/a.xml', data: XML }]],
    ['a link', 'ARCHIVE_UNSAFE', [{ name: 'a.xml', data: XML, unixMode: 0o120777 }]],
    ['a device', 'ARCHIVE_UNSAFE', [{ name: 'a.xml', data: XML, unixMode: 0o020666 }]],
    ['an archive inside', 'ARCHIVE_UNSAFE', [{ name: 'a.zip', data: XML }]],
    [
      'a name twice',
      'ARCHIVE_UNSAFE',
      [
        { name: 'a.xml', data: XML },
        { name: 'A.xml', data: XML },
      ],
    ],
    ['a control character', 'ARCHIVE_UNSAFE', [{ name: 'a\u0000.xml', data: XML }]],
    ['a name without end', 'ARCHIVE_UNSAFE', [{ name: `${'a'.repeat(300)}.xml`, data: XML }]],
    ['another kind of file', 'ARCHIVE_UNREADABLE', [{ name: 'a.pdf', data: XML }]],
    ['an encrypted file', 'ARCHIVE_UNREADABLE', [{ name: 'a.xml', data: XML, encrypted: true }]],
    ['an unknown method', 'ARCHIVE_UNREADABLE', [{ name: 'a.xml', data: XML, method: 12 }]],
    ['a wrong checksum', 'ARCHIVE_UNREADABLE', [{ name: 'a.xml', data: XML, claimedCrc: 1 }]],
  ])('refuses %s and names it', async (_what, code, files) => {
    const refusal = read(makeZip(files));
    await expect(refusal).rejects.toMatchObject({ code, extra: { entry: expect.stringMatching(/./) } });
  });

  it('stops a bomb at the limit, whatever it says of its size', async () => {
    const bomb = makeZip(
      Array.from({ length: 40 }, (_, index) => ({
        name: `${index}.xml`,
        data: Buffer.alloc(20_000_000),
        claimedBytes: 10,
      })),
    );
    expect(bomb.byteLength).toBeLessThan(1_000_000);
    await expect(read(bomb)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  it('counts files', async () => {
    const many = makeZip(Array.from({ length: 101 }, (_, index) => ({ name: `${index}.xml`, data: XML })));
    await expect(read(many)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  it.each([
    ['no archive', Buffer.from('<Faktura/>')],
    ['nothing', Buffer.alloc(0)],
    ['half an archive', makeZip([{ name: 'a.xml', data: XML }]).subarray(0, 60)],
    ['the end alone', makeZip([{ name: 'a.xml', data: XML }]).subarray(30)],
  ])('refuses %s', async (_what, body) => {
    await expect(read(body)).rejects.toMatchObject({ code: 'ARCHIVE_UNREADABLE' });
  });

  it('says the same of any archive, damaged or not, from a file as from memory', async () => {
    const file = fc.record({
      data: fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constant(Buffer.from('<a>1</a>'.repeat(50)))),
      name: fc.constantFrom('a.xml', 'b.xml', 'ą.xml', 'c.XML', 'd/e.xml', 'f.zip'),
      method: fc.constantFrom('store' as const, 'deflate' as const, 'deflate' as const, 12),
    });
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 2 });
    const cut = fc.oneof(fc.constant(0), fc.nat(40));
    const property = fc.asyncProperty(
      fc.array(file, { maxLength: 5 }),
      damage,
      cut,
      async (files, bits, short) => {
        const archive = makeZip(files);
        for (const [at, bit] of bits)
          archive[at % archive.length] = (archive[at % archive.length] ?? 0) ^ bit;
        const body = archive.subarray(0, archive.length - short);
        const said = (entries: Promise<unknown>) =>
          entries.catch((error: unknown) => (error instanceof Problem ? [error.code, error.message] : error));
        expect(await said(read(body, 0))).toEqual(await said(read(body)));
      },
    );
    await fc.assert(property, { numRuns: 300 });
  });

  it('survives any single damaged byte', async () => {
    const whole = makeZip([
      { name: 'a.xml', data: XML },
      { name: 'b.xml', data: XML, method: 'store' },
    ]);
    for (let at = 0; at < whole.byteLength; at += 1) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      const outcome = await read(damaged).then(
        () => 'read',
        (error: { code?: string }) => error.code,
      );
      expect(['read', 'ARCHIVE_UNREADABLE', 'ARCHIVE_UNSAFE', 'TOO_LARGE']).toContain(outcome);
    }
  });
});

it('an archive whose file cannot be read any more is not called damaged', async () => {
  const zip = makeZip([{ name: 'a.xml', data: Buffer.alloc(3_000_000, 'x'), method: 'store' }]);
  const failure = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
  const fails = () => Promise.reject(failure);
  const source = await zipSource(chunked(zip));
  const failing: ZipSource[] = [
    { ...source, open: fails },
    { ...source, bytes: new ArchiveBytes(source.bytes.sizeBytes, fails) },
    {
      ...source,
      stream: () =>
        new Readable({
          read: (): never => {
            throw failure;
          },
        }),
    },
  ];
  for (const one of failing)
    await expect(sourceEntries(one, callBudget(LIMITS), LIMITS).next()).rejects.toMatchObject({
      code: 'NO_TEMPORARY_FILE',
      cause: failure,
    });
});

describeWithSmallDisk('an archive that is read from a file', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is told of where the disk for temporary files is full', async () => {
    const disk = smallDisk(1);
    onTestFinished(() => disk.remove());
    vi.stubEnv('TMPDIR', disk.path);
    const message = 'The folder for temporary files cannot be used (ENOSPC).';
    const reading = read(Buffer.alloc(3_000_000), 100_000);
    await expect(reading).rejects.toMatchObject({ code: 'NO_TEMPORARY_FILE', message });
  });
});

async function read(body: Buffer, inMemoryBytesMax?: number) {
  const entries = [];
  const source = await zipSource(chunked(body), inMemoryBytesMax);
  for await (const { fileName, content } of sourceEntries(source, callBudget(LIMITS), LIMITS)) {
    const text =
      content.kind === 'bytes' ? Buffer.from(content.bytes.subarray(0, 100)).toString('utf8') : null;
    const sizeBytes = content.kind === 'bytes' ? content.bytes.byteLength : content.sizeBytes;
    const deflated = content.kind === 'bytes' ? content.deflated : null;
    entries.push({ fileName, kind: content.kind, text, sizeBytes, deflated });
  }
  return entries;
}

async function* chunked(body: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.byteLength; at += 65_536) yield body.subarray(at, at + 65_536);
}
