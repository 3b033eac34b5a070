import { crc32 } from 'node:zlib';

/** Deflate, no flags, no time, unknown system: nothing that differs between two builds. */
export const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

const TRAILER_BYTES = 8;
const STORED_HEADER_BYTES = 5;

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
 * Gzip members one after another (RFC 1952), which unpack to one sequence of bytes: what is deflated already becomes a
 * member as it is, anything else is stored. One call unpacks hundreds of invoices away from the event loop, and
 * compares each with its CRC-32 and size.
 */
export class GzipMembers {
  readonly #buffer: Buffer;
  #used = 0;
  #plainBytes = 0;

  /** For at most as many bytes in at most as many members. */
  constructor(bytesMax: number, membersMax: number) {
    const overheadBytes = gzipHeader.length + STORED_HEADER_BYTES + TRAILER_BYTES;
    this.#buffer = Buffer.allocUnsafeSlow(bytesMax + membersMax * overheadBytes);
  }

  /** Once they are unpacked. */
  get plainBytes(): number {
    return this.#plainBytes;
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#used);
  }

  deflated(bytes: Uint8Array, crc: number, sizeBytes: number): void {
    this.#append(gzipHeader);
    this.#append(bytes);
    this.#end(crc, sizeBytes);
  }

  /** Up to 65,535 bytes: a final block, not compressed, that tells its length twice (RFC 1951, 3.2.4). */
  stored(bytes: Uint8Array): void {
    this.#append(gzipHeader);
    this.#buffer[this.#used] = 0x01;
    this.#buffer.writeUInt16LE(bytes.length, this.#used + 1);
    this.#buffer.writeUInt16LE(bytes.length ^ 0xffff, this.#used + 3);
    this.#used += STORED_HEADER_BYTES;
    this.#append(bytes);
    this.#end(crc32(bytes), bytes.length);
  }

  #append(bytes: Uint8Array): void {
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  #end(crc: number, sizeBytes: number): void {
    writeTrailer(this.#buffer, this.#used, crc, sizeBytes);
    this.#used += TRAILER_BYTES;
    this.#plainBytes += sizeBytes;
  }
}
