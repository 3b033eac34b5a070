/** One slice of a TarGz: unpacked, laid out as tar and deflated in one go, by whichever thread. */
import { constants, crc32, gunzipSync } from 'node:zlib';
import { createDeflater } from '@wsad/deflate';
import { release } from './release.ts';
import { writeTarEntry } from './tar.ts';

/**
 * The tar stream is cut into blocks that are deflated apart and put together as ONE gzip member (RFC 1952): each
 * block knows the 32 kB before it and ends on a byte boundary, so the joined blocks are a single deflate stream.
 * The bytes depend on where the borders lie, and not on where a slice begins and ends.
 */
export const BLOCK_BYTES = 512 * 1024;

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
}

export interface DeflatedSlice {
  readonly deflated: Uint8Array<ArrayBuffer>;
  /** Of the plain slice. */
  readonly crc: number;
  readonly sizeBytes: number;
}

/** With room for a slice, used again and again: fresh memory for each costs more than filling it. */
const deflater = createDeflater();

/** @throws zlib's error when an invoice does not unpack to its CRC-32 and size */
export function deflateSlice(slice: Slice): DeflatedSlice {
  const { from, to } = slice;
  const tar = tarOf(slice);
  for (let at = from; at < to; at += BLOCK_BYTES) {
    deflater.deflate(at, Math.min(at + BLOCK_BYTES, to), false);
  }
  const deflated = inOwnMemory(deflater.deflated());
  return { deflated, crc: crc32(tar.subarray(from, to)), sizeBytes: to - from };
}

function tarOf({ members, names, sizesBytes, tarBytes }: Slice): Buffer {
  const plain = unpacked(members, sizesBytes);
  const tar = deflater.room(tarBytes);
  let [at, plainAt] = [0, 0];
  for (const [index, name] of names.entries()) {
    const plainEnd = plainAt + (sizesBytes[index] ?? 0);
    at = writeTarEntry(tar, at, name, plain.subarray(plainAt, plainEnd));
    plainAt = plainEnd;
  }
  // What is left is the end of the tar.
  tar.fill(0, at);
  release(plain);
  return tar;
}

function unpacked(members: Uint8Array, sizesBytes: readonly number[]): Buffer {
  const plainBytes = sizesBytes.reduce((sum, bytes) => sum + bytes, 0);
  // With room for one more byte zlib sees that it has come to the end, and makes no room for another piece.
  const chunkSize = Math.max(constants.Z_MIN_CHUNK, plainBytes + 1);
  const plain = gunzipSync(members, { chunkSize, maxOutputLength: plainBytes });
  release(members);
  return plain;
}

/** In memory that may change hands. */
function inOwnMemory(bytes: Uint8Array): Buffer<ArrayBuffer> {
  const own = Buffer.allocUnsafeSlow(bytes.length);
  own.set(bytes);
  return own;
}
