import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';
import { blocksOf } from './blocks.ts';
import type { ArchiveEntry } from './entries.ts';
import { gzipHeader, gzipTrailer } from './gzip-members.ts';
import { inOrder } from './in-order.ts';
import { release } from './release.ts';
import { tarPieces } from './tar-pieces.ts';

/**
 * The tar stream is cut into blocks that are deflated at the same time in the thread pool and put together
 * as ONE gzip member (RFC 1952): each block knows the 32 kB before it and ends on a byte boundary, so the
 * joined blocks are a single deflate stream. Where the borders lie is part of the package format.
 */
const BLOCK_BYTES = 512 * 1024;
const WINDOW_BYTES = 32 * 1024;
const OUTPUT_CHUNK_BYTES = 128 * 1024;

/** A block is at hand whenever a thread asks for one, though unpacking waits its turn behind what is deflated. */
const UNPACKING_LANES = 6;

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
  const blocks = withWindows(blocksOf(tarPieces(entries, UNPACKING_LANES), BLOCK_BYTES, lanes + 2), total);
  for await (const block of inOrder(blocks, lanes, (block) => deflateBlock(block, level))) {
    yield [block];
    release(block);
  }
  yield [deflateEnd, gzipTrailer(total.crc, total.sizeBytes)];
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
