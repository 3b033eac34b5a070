/** Files travel to a worker and answers back many at once, in one buffer that is handed over instead of copied. */

/** A task should be long enough to be worth its message, and short enough to share out evenly. */
const FILES_MAX = 48;
const BYTES_MAX = 1_000_000;

/** A file on its way to a worker. */
export interface InvoiceFile {
  readonly bytes: Uint8Array;
  /** The same in raw deflate, where it came so: then it is stored as it came. */
  readonly deflated: Uint8Array | null;
}

export interface PackedFiles {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sizesBytes: readonly number[];
}

/** Consecutive files, so that answers put together are in the order given. */
export function chunksOf(files: readonly InvoiceFile[], threads: number): InvoiceFile[][] {
  const filesMax = Math.min(FILES_MAX, Math.max(1, Math.ceil(files.length / threads)));
  const chunks: InvoiceFile[][] = [];
  let chunk: InvoiceFile[] = [];
  let bytes = 0;
  for (const file of files) {
    const isFull = chunk.length >= filesMax || (chunk.length > 0 && bytes + file.bytes.length > BYTES_MAX);
    if (isFull) {
      chunks.push(chunk);
      chunk = [];
      bytes = 0;
    }
    chunk.push(file);
    bytes += file.bytes.length;
  }
  return chunk.length > 0 ? [...chunks, chunk] : chunks;
}

export function packed(files: readonly Uint8Array[]): PackedFiles {
  const sizesBytes = files.map((file) => file.length);
  const bytes = new Uint8Array(sizesBytes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  for (const file of files) {
    bytes.set(file, at);
    at += file.length;
  }
  return { bytes, sizesBytes };
}

/** The files of a pack, as views into it. */
export function unpacked({ bytes, sizesBytes }: PackedFiles): Uint8Array[] {
  let end = 0;
  return sizesBytes.map((size) => {
    end += size;
    return bytes.subarray(end - size, end);
  });
}
