/**
 * Gives the memory of `bytes` back at once. Left to the garbage collector, the buffers of one package make it run
 * every few blocks, for a quarter of the CPU time of the whole. Nothing may look at the bytes afterwards.
 */
export function release({ buffer }: Uint8Array): void {
  // Whatever is not larger than Node's pool may have been cut from it, beside the bytes of others.
  if (buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
}
