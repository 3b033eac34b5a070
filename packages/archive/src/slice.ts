/** One slice of a TarGz: unpacked, laid out as tar and deflated in one go, by whichever thread. */
import { constants, crc32, deflateRawSync, gunzipSync } from 'node:zlib';
import { release } from './release.ts';
import { writeTarEntry } from './tar.ts';

/**
 * The tar stream is cut into blocks that are deflated apart and put together as ONE gzip member (RFC 1952): each
 * block knows the 32 kB before it and ends on a byte boundary, so the joined blocks are a single deflate stream.
 * Where the borders lie is part of the package format; where a slice begins and ends is not.
 */
export const BLOCK_BYTES = 512 * 1024;
export const WINDOW_BYTES = 32 * 1024;
/** Part of the package format, too: where output is full zlib may end a stored block, or repeat the mark of a border. */
const OUTPUT_CHUNK_BYTES = 128 * 1024;

/** Whole blocks, but for the last slice, with the invoices that they and the window before them take. */
export interface Slice {
  /** The invoices as gzip members one after another. */
  readonly members: Uint8Array<ArrayBuffer>;
  readonly names: readonly string[];
  readonly sizesBytes: readonly number[];
  /** What they take in the tar. */
  readonly tarBytes: number;
  /** Where the slice begins and ends in that. */
  readonly from: number;
  readonly to: number;
  readonly level: number;
}

export interface DeflatedSlice {
  readonly deflated: Uint8Array<ArrayBuffer>;
  /** Of the plain slice. */
  readonly crc: number;
  readonly sizeBytes: number;
}

/** @throws zlib's error when an invoice does not unpack to its CRC-32 and size */
export function deflateSlice(slice: Slice): DeflatedSlice {
  const { from, to, level } = slice;
  const tar = tarOf(slice);
  const blocks: Buffer[] = [];
  for (let at = from; at < to; at += BLOCK_BYTES) {
    const block = tar.subarray(at, Math.min(at + BLOCK_BYTES, to));
    blocks.push(deflateBlock(block, tar.subarray(Math.max(0, at - WINDOW_BYTES), at), level));
  }
  return { deflated: joined(blocks), crc: crc32(tar.subarray(from, to)), sizeBytes: to - from };
}

/** Room for a slice, used again and again: fresh memory for each costs more than filling it. */
let room = Buffer.alloc(0);

function tarOf({ members, names, sizesBytes, tarBytes }: Slice): Buffer {
  const plain = unpacked(members, sizesBytes);
  if (room.length < tarBytes) room = Buffer.allocUnsafeSlow(tarBytes);
  let [at, plainAt] = [0, 0];
  for (const [index, name] of names.entries()) {
    const plainEnd = plainAt + (sizesBytes[index] ?? 0);
    at = writeTarEntry(room, at, name, plain.subarray(plainAt, plainEnd));
    plainAt = plainEnd;
  }
  // What is left is the end of the tar.
  room.fill(0, at, tarBytes);
  release(plain);
  return room;
}

function unpacked(members: Uint8Array, sizesBytes: readonly number[]): Buffer {
  const plainBytes = sizesBytes.reduce((sum, bytes) => sum + bytes, 0);
  // With room for one more byte zlib sees that it has come to the end, and makes no room for another piece.
  const chunkSize = Math.max(constants.Z_MIN_CHUNK, plainBytes + 1);
  const plain = gunzipSync(members, { chunkSize, maxOutputLength: plainBytes });
  release(members);
  return plain;
}

function deflateBlock(block: Buffer, dictionary: Buffer, level: number): Buffer {
  const options = { level, chunkSize: OUTPUT_CHUNK_BYTES, finishFlush: constants.Z_SYNC_FLUSH };
  return deflateRawSync(block, dictionary.length === 0 ? options : { ...options, dictionary });
}

/** In memory of its own, which may change hands. */
function joined(blocks: readonly Buffer[]): Buffer<ArrayBuffer> {
  const whole = Buffer.allocUnsafeSlow(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    whole.set(block, at);
    at += block.length;
    release(block);
  }
  return whole;
}
