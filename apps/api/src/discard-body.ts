import type { IncomingMessage } from 'node:http';

/** More than this after a refusal is no honest sender on its last packets: the connection is cut. */
const DISCARDED_BYTES_MAX = 512_000_000;

/**
 * Reads the rest of a refused body and forgets it. Closing the connection at once would reset it under a sender that
 * is still writing, who would then never see why it was refused.
 */
export function discardBody(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  let bytes = 0;
  request.unpipe();
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > DISCARDED_BYTES_MAX) request.destroy();
  });
  request.on('error', () => {});
  request.resume();
}
