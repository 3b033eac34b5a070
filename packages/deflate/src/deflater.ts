/** Deflates (RFC 1951) in WebAssembly, made of ../assembly: for speed, and for bytes that no other version of zlib changes. */
import { moduleBase64 } from './module.ts';

/** A repeat reaches back so far, and no further. */
export const WINDOW_BYTES = 32 * 1024;

const PAGE_BYTES = 64 * 1024;
/** What does not become smaller goes as it is, with five bytes for each piece, of which none is smaller than this. */
const PIECE_BYTES_MIN = 16 * 1024;
const PIECE_HEAD_BYTES = 5;
/** The ends of a stream, and what may be written beyond them. */
const END_BYTES = 64;
/** Places are numbers of 31 bits. */
const MEMORY_BYTES_MAX = 2 ** 31 - 1;

/** One memory, used again and again. Views of it are good until the next call that may have to make it larger. */
export interface Deflater {
  /** Room to put `bytes` bytes into; what was in it may be lost. */
  room(bytes: number): Buffer;
  /**
   * Deflates `room` from `from` to `to`, which may repeat the 32 KiB before it, and puts it behind what was deflated since
   * the last call of `room`: blocks that end on a border of bytes, or with `isLast` the end of a stream. Each piece of what is in the
   * room is to be deflated once, and none but the last is to be smaller than 16 KiB.
   * @throws RangeError where that is not so
   */
  deflate(from: number, to: number, isLast: boolean): void;
  /**
   * All that is in the room as one stream: where that is no more than 8 KiB and like an invoice, in three fifths of the time and
   * with a few per cent more bytes. Instead of `deflate`, and once for each call of `room`.
   */
  deflateAlone(): void;
  /** All that was deflated since the last call of `room`. */
  deflated(): Buffer;
}

interface Module {
  readonly memory: WebAssembly.Memory;
  freeFrom(): number;
  deflate(window: number, from: number, to: number, out: number, isLast: boolean): number;
  deflateAlone(from: number, to: number, out: number): number;
}

export function createDeflater(): Deflater {
  const module = started();
  const roomAt = module.freeFrom();
  let roomTo = roomAt;
  let outFrom = roomAt;
  let outTo = roomAt;
  let outMax = roomAt;
  const view = (from: number, to: number) => Buffer.from(module.memory.buffer, from, to - from);
  return {
    room(bytes) {
      roomTo = roomAt + bytes;
      outFrom = roundedUp(roomTo, 16);
      outTo = outFrom;
      outMax = outFrom + deflatedBytesMax(bytes);
      grow(module.memory, outMax);
      return view(roomAt, roomTo);
    },
    deflate(from, to, isLast) {
      const hasRoom = outTo + deflatedBytesMax(to - from) <= outMax;
      if (from > to || roomAt + to > roomTo || !hasRoom) {
        throw new RangeError(`what lies from ${from} to ${to} has no room to be deflated`);
      }
      const window = Math.max(0, from - WINDOW_BYTES);
      outTo = module.deflate(roomAt + window, roomAt + from, roomAt + to, outTo, isLast);
    },
    deflateAlone() {
      if (outTo !== outFrom) throw new RangeError('there is room to be deflated alone just once');
      outTo = module.deflateAlone(roomAt, roomTo, outFrom);
    },
    deflated: () => view(outFrom, outTo),
  };
}

let shared: Deflater | undefined;

/** The whole of `bytes`, best an invoice, as one stream, in memory of its own. */
export function deflateRaw(bytes: Uint8Array): Buffer {
  shared ??= createDeflater();
  shared.room(bytes.length).set(bytes);
  shared.deflateAlone();
  return Buffer.from(shared.deflated());
}

function started(): Module {
  const compiled = new WebAssembly.Module(Buffer.from(moduleBase64, 'base64'));
  return new WebAssembly.Instance(compiled).exports as unknown as Module;
}

function grow(memory: WebAssembly.Memory, bytes: number): void {
  if (bytes > MEMORY_BYTES_MAX) throw new RangeError(`${bytes} bytes are more than can be deflated at once`);
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
}

/** However it is cut for `deflate`, in pieces of no less than 16 KiB but for the last. */
function deflatedBytesMax(bytes: number): number {
  return bytes + Math.ceil(bytes / PIECE_BYTES_MIN) * 2 * PIECE_HEAD_BYTES + END_BYTES;
}

function roundedUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
