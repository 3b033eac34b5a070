import { Problem } from '@wsad/domain';

/** What one call may hold, in bytes both as sent and as unpacked. */
export const CALL_BYTES_MAX = 256_000_000;
export const CALL_INVOICES_MAX = 20_000;

export interface CallLimits {
  readonly bytesMax: number;
  readonly invoicesMax: number;
}

/** Counts what a call turns out to hold. Sizes told by headers are never trusted, only bytes that came. */
export interface CallBudget {
  invoice(): void;
  bytes(count: number): void;
}

export function callBudget(limits: CallLimits): CallBudget {
  let invoices = 0;
  let bytes = 0;
  return {
    invoice() {
      invoices += 1;
      if (invoices > limits.invoicesMax)
        throw new Problem('TOO_LARGE', `The call holds more than ${limits.invoicesMax} invoices.`);
    },
    bytes(count) {
      bytes += count;
      if (bytes > limits.bytesMax)
        throw new Problem('TOO_LARGE', `The call holds more than ${limits.bytesMax} bytes of invoices.`);
    },
  };
}

/** A stream whose bytes are counted against a budget of its own: the body as it is sent. */
export async function* countedBody(
  chunks: AsyncIterable<Uint8Array>,
  bytesMax: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw new Problem('TOO_LARGE', `The body is longer than ${bytesMax} bytes.`);
    yield chunk;
  }
}
