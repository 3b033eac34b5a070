/**
 * An archive's bytes, wherever they lie, a window at a time. It is read from entry to entry: what is asked for is nearly always
 * at hand already, where a turn of the event loop for every few bytes would cost the most.
 */
import { setImmediate } from 'node:timers/promises';
import { RandomAccessReader } from 'yauzl';

const WINDOW_BYTES = 65_536;
/** So many reads in one turn take about a millisecond; then it is somebody else's turn. */
const READS_IN_A_TURN = 64;

type Load = (start: number, end: number) => Promise<Buffer>;

export class ArchiveBytes {
  readonly sizeBytes: number;
  readonly #load: Load;
  readonly #windowBytes: number;
  #window: Buffer = Buffer.alloc(0);
  #windowStart = 0;
  #reads = 0;

  constructor(sizeBytes: number, load: Load, windowBytes = WINDOW_BYTES) {
    this.sizeBytes = sizeBytes;
    this.#load = load;
    this.#windowBytes = windowBytes;
  }

  /** `end` is the index after the last byte. Fewer where the archive ends before: a broken list points to anywhere. */
  read(start: number, end: number): Buffer | Promise<Buffer> {
    const last = Math.min(end, this.sizeBytes);
    if (start >= last) return Buffer.alloc(0);
    if (start < this.#windowStart || last > this.#windowStart + this.#window.byteLength)
      return this.#moved(start, last);
    this.#reads += 1;
    const found = this.#window.subarray(start - this.#windowStart, last - this.#windowStart);
    return this.#reads % READS_IN_A_TURN === 0 ? setImmediate(found) : found;
  }

  async #moved(start: number, end: number): Promise<Buffer> {
    const windowEnd = Math.max(end, start + this.#windowBytes);
    this.#window = await this.#load(start, Math.min(windowEnd, this.sizeBytes));
    this.#windowStart = start;
    return this.#window.subarray(0, end - start);
  }
}

export class YauzlReader extends RandomAccessReader {
  readonly #bytes: ArchiveBytes;

  constructor(bytes: ArchiveBytes) {
    super();
    this.#bytes = bytes;
  }

  override read(
    target: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    const done = (bytes: Buffer) => callback(null, bytes.copy(target, offset));
    const found = this.#bytes.read(position, position + length);
    if (found instanceof Promise) found.then(done, callback);
    else queueMicrotask(() => done(found));
  }
}
