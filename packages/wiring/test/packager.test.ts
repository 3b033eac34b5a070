import { hash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { PayloadDamaged, type WsadEvent } from '@wsad/domain';
import type { PackedInvoice } from '@wsad/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPackager, tellBadSpool } from '../src/packager.ts';

const key = Buffer.alloc(32, 1);
const iv = Buffer.alloc(16, 2);

function* stored(known: (index: number) => boolean): Generator<PackedInvoice> {
  for (let index = 0; index < 300; index += 1) {
    const bytes = Buffer.from(`<Faktura>${index}${'<FaWiersz/>'.repeat(index)}</Faktura>`);
    const deflated = deflateRawSync(bytes);
    yield {
      name: `${index}.xml`,
      deflated,
      sizeBytes: bytes.length,
      crc32: known(index) ? crc32(bytes) : null,
      sha256: hash('sha256', bytes, 'base64'),
    };
  }
}

async function* read(invoices: Iterable<PackedInvoice>): AsyncGenerator<PackedInvoice> {
  yield* invoices;
}

describe('the packager', () => {
  let spool = '';
  beforeEach(async () => {
    spool = await mkdtemp(join(tmpdir(), 'packager-test-'));
  });
  afterEach(() => rm(spool, { recursive: true, force: true }));

  it.each(['TarGz', 'Zip'] as const)(
    'builds the same %s of invoices whose CRC-32 the version before did not keep',
    async (compression) => {
      const built = async (known: (index: number) => boolean) => {
        const entries = read(stored(known));
        const { signal } = new AbortController();
        const { sha256, parts, dispose } = await createPackager(spool).build({
          entries,
          compression,
          key,
          iv,
          signal,
        });
        await dispose();
        return { sha256, parts: parts.map((part) => part.sha256) };
      };
      const expected = await built(() => true);
      expect(await built(() => false)).toEqual(expected);
      expect(await built((index) => index % 2 === 0)).toEqual(expected);
    },
  );

  it.each([
    ['TarGz', 'other bytes than its CRC-32 counts', true, deflateRawSync('<Faktura/>')],
    ['TarGz', 'what is no deflate stream', true, Buffer.from('not deflated')],
    ['TarGz', 'other bytes, where no CRC-32 is known', false, deflateRawSync('<Faktura/>')],
    ['Zip', 'other bytes, where no CRC-32 is known', false, deflateRawSync('<Faktura/>')],
    ['Zip', 'what is no deflate stream, where no CRC-32 is known', false, Buffer.from('not deflated')],
  ] as const)('builds no %s around %s, and says whose they are', async (compression, _, known, deflated) => {
    const invoices = [...stored(() => known)].map((invoice, index) =>
      index === 170 ? { ...invoice, deflated } : invoice,
    );
    const building = createPackager(spool).build({ entries: read(invoices), compression, key, iv });
    await expect(building).rejects.toThrow(new PayloadDamaged('170.xml'));
    expect(await readdir(spool)).toEqual([]);
  });

  it('tells of a spool that cannot be used, and leaves nothing in one that can', async () => {
    const told: WsadEvent[] = [];
    await tellBadSpool(spool, (event) => told.push(event));
    expect(told).toEqual([]);
    expect(await readdir(spool)).toEqual([]);
    await tellBadSpool(join(spool, 'not-there'), (event) => told.push(event));
    expect(told).toMatchObject([
      {
        type: 'disk.failed',
        disk: 'files',
        why: 'broken',
        message: expect.stringMatching(/^WSAD_SPOOL_DIR: ENOENT/),
      },
    ]);
  });
});
