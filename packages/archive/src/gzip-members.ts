import type { ArchiveEntry } from './entries.ts';

/** Deflate, no flags, no time, unknown system: nothing that differs between two builds. */
export const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

const TRAILER_BYTES = 8;

export function gzipTrailer(crc: number, sizeBytes: number): Buffer {
  const trailer = Buffer.alloc(TRAILER_BYTES);
  writeTrailer(trailer, 0, crc, sizeBytes);
  return trailer;
}

function writeTrailer(buffer: Buffer, at: number, crc: number, sizeBytes: number): void {
  buffer.writeUInt32LE(crc, at);
  buffer.writeUInt32LE(sizeBytes % 2 ** 32, at + 4);
}

/**
 * Invoices as gzip members one after another (RFC 1952), which unpack to their bytes one after another: one call
 * unpacks hundreds away from the event loop, and compares each with its CRC-32 and size.
 */
export function gzipMembers(entries: readonly ArchiveEntry[]): Buffer<ArrayBuffer> {
  const aroundBytes = gzipHeader.length + TRAILER_BYTES;
  const membersBytes = entries.reduce((sum, { deflated }) => sum + deflated.length + aroundBytes, 0);
  const members = Buffer.allocUnsafeSlow(membersBytes);
  let at = 0;
  for (const { deflated, crc32, sizeBytes } of entries) {
    members.set(gzipHeader, at);
    members.set(deflated, at + gzipHeader.length);
    at += gzipHeader.length + deflated.length;
    writeTrailer(members, at, crc32, sizeBytes);
    at += TRAILER_BYTES;
  }
  return members;
}
