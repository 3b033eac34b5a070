import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';
import { blocksOf } from './blocks.ts';
import type { ArchiveEntry } from './entries.ts';
import { inOrder } from './in-order.ts';
import { tarEnd, tarEntry } from './tar.ts';

/**
 * The tar stream is cut into blocks that are deflated at the same time in the thread pool and put together
 * as ONE gzip member (RFC 1952): each block knows the 32 kB before it and ends on a byte boundary, so the
 * joined blocks are a single deflate stream. Block borders depend on the content alone, never on timing.
 */
const BLOCK_BYTES = 512 * 1024;
const WINDOW_BYTES = 32 * 1024;
const OUTPUT_CHUNK_BYTES = 128 * 1024;

/** Deflate, no flags, no time, unknown system: nothing that differs between two builds. */
const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
/** An empty final block with fixed codes (RFC 1951, 3.2.6): ends the deflate stream. */
const deflateEnd = Buffer.from([0x03, 0x00]);

const deflated = promisify(deflateRaw);

interface Block {
  bytes: Buffer;
  /** The end of the block before, which this one may refer back to. */
  window: Buffer | undefined;
}

export async function* tarGzip(
  entries: AsyncIterable<ArchiveEntry>,
  level: number,
  lanes: number,
): AsyncGenerator<Buffer[]> {
  const total = { crc: 0, sizeBytes: 0 };
  yield [gzipHeader];
  const blocks = withWindows(blocksOf(tarPieces(entries), BLOCK_BYTES, lanes + 2), total);
  yield* inOrder(blocks, lanes, async (block) => [await deflateBlock(block, level)]);
  yield [deflateEnd, gzipTrailer(total.crc, total.sizeBytes)];
}

async function* tarPieces(entries: AsyncIterable<ArchiveEntry>): AsyncGenerator<Uint8Array[]> {
  for await (const entry of entries) yield tarEntry(entry);
  yield [tarEnd];
}

async function* withWindows(
  blocks: AsyncIterable<Buffer>,
  total: { crc: number; sizeBytes: number },
): AsyncGenerator<Block> {
  let window: Buffer | undefined;
  for await (const bytes of blocks) {
    total.crc = crc32(bytes, total.crc);
    total.sizeBytes += bytes.length;
    yield { bytes, window };
    window = bytes.subarray(-WINDOW_BYTES);
  }
}

function deflateBlock({ bytes, window }: Block, level: number): Promise<Buffer> {
  return deflated(bytes, {
    level,
    chunkSize: OUTPUT_CHUNK_BYTES,
    finishFlush: constants.Z_SYNC_FLUSH,
    ...(window === undefined ? {} : { dictionary: window }),
  });
}

function gzipTrailer(crc: number, sizeBytes: number): Buffer {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(sizeBytes % 2 ** 32, 4);
  return trailer;
}
