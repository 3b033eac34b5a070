import { WINDOW_BYTES } from '@wsad/deflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArchiveEntry } from '../src/entries.ts';
import { BLOCK_BYTES } from '../src/slice.ts';
import { slicesOf } from '../src/slices.ts';
import { TAR_END_BYTES, tarEntryBytes } from '../src/tar.ts';
import { collected } from './support.ts';

const SLICE_BYTES_MAX = 4 * BLOCK_BYTES;
/** The largest of the sizes below. */
const INVOICE_BYTES_MAX = 3_000_000;

const sizeBytes = fc.oneof(
  fc.integer({ min: 1, max: 20_000 }),
  fc.integer({ min: 20_000, max: INVOICE_BYTES_MAX }),
  fc.constantFrom(BLOCK_BYTES - 512, BLOCK_BYTES, WINDOW_BYTES - 512, 2 * BLOCK_BYTES - 1_024),
);

const nothing = new Uint8Array();

async function* entriesOf(sizesBytes: readonly number[]): AsyncGenerator<ArchiveEntry> {
  for (const [index, sizeBytes] of sizesBytes.entries())
    yield { name: `${index}.xml`, deflated: nothing, sizeBytes, crc32: 0 };
}

/** Where the tar of the invoices begins that each slice takes. */
function startsOf(sizesBytes: readonly number[]): Map<string, number> {
  const starts = new Map<string, number>();
  let at = 0;
  for (const [index, sizeBytes] of sizesBytes.entries()) {
    starts.set(`${index}.xml`, at);
    at += tarEntryBytes(`${index}.xml`, sizeBytes);
  }
  return starts.set('end', at + TAR_END_BYTES);
}

describe('the slices of a tar', () => {
  it('follow one another at the borders of blocks, each with the window before it, and are not too long', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sizeBytes, { minLength: 1, maxLength: 200 }), async (sizesBytes) => {
        const starts = startsOf(sizesBytes);
        const slices = await collected(slicesOf(entriesOf(sizesBytes)));
        let at = 0;
        for (const [index, { entries, tarBytes, from, to }] of slices.entries()) {
          const start = starts.get(entries[0]?.name ?? '') ?? Number.NaN;
          expect(start + from).toBe(at);
          expect(from).toBeGreaterThanOrEqual(Math.min(at, WINDOW_BYTES));
          expect(to).toBeLessThanOrEqual(tarBytes);
          expect(to - from).toBeLessThan(SLICE_BYTES_MAX + 2 * INVOICE_BYTES_MAX);
          at = start + to;
          if (index < slices.length - 1) expect(at % BLOCK_BYTES).toBe(0);
        }
        expect(at).toBe(starts.get('end'));
      }),
    );
  });

  it('are one for a small package', async () => {
    expect(await collected(slicesOf(entriesOf([4_000, 4_000])))).toHaveLength(1);
  });

  it('unpack few of many alike twice', async () => {
    const slices = await collected(slicesOf(entriesOf(Array.from({ length: 1_000 }, () => 4_000))));
    const unpacked = slices.reduce((sum, { entries }) => sum + entries.length, 0);
    expect(slices.length).toBeGreaterThan(3);
    expect(unpacked).toBeLessThan(1_050);
  });
});
