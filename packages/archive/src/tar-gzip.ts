import { crc32, inflateRawSync } from 'node:zlib';
import { crc32Combine } from './crc32-combine.ts';
import type { ArchiveEntry } from './entries.ts';
import { refusal } from './errors.ts';
import { gzipHeader, gzipMembers, gzipTrailer } from './gzip-members.ts';
import { inOrder } from './in-order.ts';
import { release } from './release.ts';
import { BLOCK_BYTES, type DeflatedSlice, deflateSlice, type Slice } from './slice.ts';
import { deflaterOfPackage, SLICE_THREADS, type SliceDeflater } from './slice-threads.ts';
import { slicesOf, type TarSlice } from './slices.ts';

/** For each thread the slice it is at and one that waits for it. */
const LANES = 2 * SLICE_THREADS;

/** An empty final block with fixed codes (RFC 1951, 3.2.6): ends the deflate stream. */
const deflateEnd = Buffer.from([0x03, 0x00]);

export async function* tarGzip(entries: AsyncIterable<ArchiveEntry>): AsyncGenerator<Uint8Array[]> {
  let [crc, sizeBytes] = [0, 0];
  const deflate = deflaterOfPackage();
  yield [gzipHeader];
  const work = (slice: TarSlice) => deflated(slice, deflate);
  for await (const slice of inOrder(slicesOf(entries), LANES, work)) {
    crc = crc32Combine(crc, slice.crc, slice.sizeBytes);
    sizeBytes += slice.sizeBytes;
    yield [slice.deflated];
    release(slice.deflated);
  }
  yield [deflateEnd, gzipTrailer(crc, sizeBytes)];
}

async function deflated(slice: TarSlice, deflate: SliceDeflater): Promise<DeflatedSlice> {
  const make = () => sliceOf(slice);
  try {
    // What fits a block is done before a thread has been asked.
    return slice.tarBytes <= BLOCK_BYTES ? deflateSlice(make()) : await deflate(make);
  } catch (error) {
    const damaged = slice.entries.find((entry) => !isWhole(entry));
    throw damaged === undefined ? error : refusal.invoiceDamaged(damaged.name);
  }
}

function sliceOf({ entries, tarBytes, from, to }: TarSlice): Slice {
  return {
    members: gzipMembers(entries),
    names: entries.map(({ name }) => name),
    sizesBytes: entries.map(({ sizeBytes }) => sizeBytes),
    tarBytes,
    from,
    to,
  };
}

function isWhole({ deflated, sizeBytes, crc32: expected }: ArchiveEntry): boolean {
  try {
    const plain = inflateRawSync(deflated, { maxOutputLength: sizeBytes });
    return plain.length === sizeBytes && crc32(plain) === expected;
  } catch {
    return false;
  }
}
