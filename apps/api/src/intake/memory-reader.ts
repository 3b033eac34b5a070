/** How an archive in memory is read: at once, where a turn of the event loop for every few bytes would cost the most. */
import { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';

/** So many reads in one turn take about a millisecond; then it is somebody else's turn. */
const READS_IN_A_TURN = 64;

export class MemoryReader extends RandomAccessReader {
  readonly #bytes: Buffer;
  #reads = 0;

  constructor(bytes: Buffer) {
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
    // Cut first: what a broken list points to may lie beyond the end, and copying from there throws.
    const bytesRead = this.#bytes.subarray(position, position + length).copy(target, offset);
    const done = () => callback(null, bytesRead);
    this.#reads += 1;
    if (this.#reads % READS_IN_A_TURN === 0) setImmediate(done);
    else queueMicrotask(done);
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from([this.#bytes.subarray(start, end)]);
  }
}
