import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import type { PackedInvoice } from '@wsad/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPackager } from '../src/packager.ts';

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
});
