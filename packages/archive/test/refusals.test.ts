import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ArchiveError, buildPackage, type PackageInput } from '../src/index.ts';
import { entryOf, filesIn, invoices, noisyEntries, packageKey, workFolder } from './support.ts';

describe('a package that KSeF would refuse', () => {
  const folder = workFolder();

  async function refusalOf(input: Partial<PackageInput>): Promise<{ code: string; message: string }> {
    const base: PackageInput = {
      entries: invoices(2),
      compression: 'TarGz',
      directory: folder.path,
      ...packageKey,
    };
    const error = await buildPackage({ ...base, ...input }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ArchiveError);
    expect(await filesIn(folder.path)).toEqual([]);
    return error instanceof ArchiveError ? error : { code: '', message: '' };
  }

  const named = (...names: string[]) => names.map((name) => entryOf(name, Buffer.from('<Faktura/>')));

  it.each(['TarGz', 'Zip'] as const)('is refused without invoices (%s)', async (compression) => {
    expect((await refusalOf({ entries: [], compression })).code).toBe('ARCHIVE_EMPTY');
  });

  it('is refused with more than 10,000 invoices, or what else the limit is', async () => {
    expect((await refusalOf({ entries: invoices(10_001) })).code).toBe('ARCHIVE_TOO_MANY_INVOICES');
    const refusal = await refusalOf({ entries: invoices(4), limits: { invoicesMax: 3 } });
    expect(refusal).toMatchObject({
      code: 'ARCHIVE_TOO_MANY_INVOICES',
      message: 'a package holds at most 3 invoices: send the rest in another session',
    });
  });

  it('takes exactly as many as the limit', async () => {
    const input = { compression: 'TarGz', directory: folder.path, ...packageKey } as const;
    const built = await buildPackage({ ...input, entries: invoices(3), limits: { invoicesMax: 3 } });
    expect(built.invoiceCount).toBe(3);
  });

  it('is refused when the archive grows too big', async () => {
    const limits = { packageBytesMax: 100_000 };
    const refusal = await refusalOf({ entries: noisyEntries(50, 50_000), limits });
    expect(refusal.code).toBe('ARCHIVE_TOO_BIG');
  });

  it('is refused when it would need more than 50 parts', async () => {
    const refusal = await refusalOf({ entries: noisyEntries(60, 1_000), partBytesMax: 1_000 });
    expect(refusal.code).toBe('ARCHIVE_TOO_MANY_PARTS');
  });

  it('is refused with an empty or a huge invoice', async () => {
    const entries = [...invoices(1), entryOf('empty.xml', new Uint8Array(0))];
    expect(await refusalOf({ entries })).toMatchObject({
      code: 'ARCHIVE_INVOICE_EMPTY',
      message: '"empty.xml" has no bytes: leave it out of the package',
    });
    const limits = { invoiceBytesMax: 999 };
    expect((await refusalOf({ entries: noisyEntries(1, 1_000), limits })).code).toBe(
      'ARCHIVE_INVOICE_TOO_BIG',
    );
  });

  it.each([
    ['other bytes', { deflated: deflateRawSync('<Faktura>2</Faktura>') }],
    ['more bytes', { deflated: deflateRawSync('<Faktura>12</Faktura>') }],
    ['bytes that cannot be unpacked', { deflated: Buffer.alloc(20, 0xff) }],
    ['another CRC-32', { crc32: 1 }],
    ['another size', { sizeBytes: 25 }],
  ])('is refused, naming the invoice, where %s are stored than were taken in', async (_, damage) => {
    const damaged = { ...entryOf('b.xml', Buffer.from('<Faktura>1</Faktura>')), ...damage };
    const refusal = await refusalOf({ entries: [...named('a.xml'), damaged, ...named('c.xml')] });
    expect(refusal.code).toBe('ARCHIVE_INVOICE_DAMAGED');
    expect(refusal.message).toContain('"b.xml"');
  });

  it('is refused with a name of more than 128 characters', async () => {
    expect((await refusalOf({ entries: named('n'.repeat(129)) })).code).toBe('ARCHIVE_NAME_TOO_LONG');
  });

  it('is refused with a name that comes twice', async () => {
    expect((await refusalOf({ entries: named('a.xml', 'b.xml', 'a.xml') })).code).toBe(
      'ARCHIVE_NAME_DUPLICATE',
    );
  });

  it.each([
    '',
    '.',
    '..',
    '../up.xml',
    '/root.xml',
    'folder/a.xml',
    'folder\\a.xml',
    'C:a.xml',
    'a\0.xml',
    'a\n.xml',
    'a\u202e.xml',
    'a?.xml',
    '.hidden',
    ' a.xml',
    'a.xml ',
    'a.xml.',
    'half \ud83e.xml',
  ])('is refused with the unsafe name %j', async (name) => {
    expect((await refusalOf({ entries: named(name) })).code).toBe('ARCHIVE_NAME_UNSAFE');
  });

  it('is refused with a key or IV of the wrong length', async () => {
    expect((await refusalOf({ key: Buffer.alloc(16) })).code).toBe('ARCHIVE_KEY_INVALID');
    expect((await refusalOf({ iv: Buffer.alloc(12) })).code).toBe('ARCHIVE_KEY_INVALID');
  });

  it.each([0, -1, 1.5, Number.NaN, 100_000_001])(
    'is refused with parts of %d bytes',
    async (partBytesMax) => {
      expect((await refusalOf({ partBytesMax })).code).toBe('ARCHIVE_OPTION_INVALID');
    },
  );
});
