/**
 * Cuts a sequence of byte pieces into blocks of exactly `blockBytes`; the last one may be shorter.
 *
 * The blocks are views of `slots` buffers used in turn: fresh memory for every block costs more than filling
 * it. A block may be read until `slots - 1` more have been asked for.
 */
export async function* blocksOf(
  pieces: AsyncIterable<readonly Uint8Array[]>,
  blockBytes: number,
  slots: number,
): AsyncGenerator<Buffer> {
  const buffers: Buffer[] = [];
  let block = nextBuffer(buffers, blockBytes, slots);
  let filled = 0;
  for await (const group of pieces) {
    for (const piece of group) {
      let taken = 0;
      while (taken < piece.length) {
        const copied = Math.min(blockBytes - filled, piece.length - taken);
        block.set(copied === piece.length ? piece : piece.subarray(taken, taken + copied), filled);
        taken += copied;
        filled += copied;
        if (filled === blockBytes) {
          yield block;
          block = nextBuffer(buffers, blockBytes, slots);
          filled = 0;
        }
      }
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}

/** A new buffer while there are fewer than `slots`, then the one that was used longest ago. */
function nextBuffer(buffers: Buffer[], blockBytes: number, slots: number): Buffer {
  const reused = buffers.length === slots ? buffers.shift() : undefined;
  const buffer = reused ?? Buffer.allocUnsafeSlow(blockBytes);
  buffers.push(buffer);
  return buffer;
}
