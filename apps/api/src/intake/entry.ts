import { createHash } from 'node:crypto';
import { INVOICE_WITH_ATTACHMENT_BYTES_MAX } from '@wsad/invoice';
import type { CallBudget } from './call-budget.ts';

/** No invoice is longer, attachments included; what is gets refused without being kept. */
export const ENTRY_BYTES_MAX = INVOICE_WITH_ATTACHMENT_BYTES_MAX;

/** One invoice as it came in, before anybody looked inside. */
export interface Entry {
  readonly fileName: string | null;
  readonly externalId: string | null;
  /** A technical correction: id or SHA-256 of the invoice that it replaces. */
  readonly correctionOf?: string | null;
  readonly content: EntryContent;
}

export type EntryContent =
  | {
      readonly kind: 'bytes';
      readonly bytes: Uint8Array;
      /** The same in raw deflate, where it came so and as small as it should be. */
      readonly deflated: Uint8Array | null;
    }
  /** Too large to be an invoice: read to its end for its hash alone, and not kept. */
  | { readonly kind: 'oversized'; readonly sha256: string; readonly sizeBytes: number };

/** Reads one entry to its end in bounded memory, counting every byte. */
export async function collectEntry(
  chunks: AsyncIterable<Uint8Array>,
  budget: CallBudget,
): Promise<EntryContent> {
  budget.invoice();
  let kept: Uint8Array[] = [];
  let sizeBytes = 0;
  let hash: ReturnType<typeof createHash> | null = null;
  for await (const chunk of chunks) {
    budget.bytes(chunk.byteLength);
    sizeBytes += chunk.byteLength;
    if (hash !== null) {
      hash.update(chunk);
      continue;
    }
    kept.push(chunk);
    if (sizeBytes <= ENTRY_BYTES_MAX) continue;
    hash = createHash('sha256');
    for (const piece of kept) hash.update(piece);
    kept = [];
  }
  return hash === null
    ? { kind: 'bytes', bytes: Buffer.concat(kept), deflated: null }
    : { kind: 'oversized', sha256: hash.digest('base64'), sizeBytes };
}

/** An entry whose bytes are at hand already. */
export function wholeEntry(
  bytes: Uint8Array,
  budget: CallBudget,
  deflated: Uint8Array | null = null,
): EntryContent {
  budget.invoice();
  budget.bytes(bytes.byteLength);
  return bytes.byteLength <= ENTRY_BYTES_MAX
    ? { kind: 'bytes', bytes, deflated }
    : {
        kind: 'oversized',
        sha256: createHash('sha256').update(bytes).digest('base64'),
        sizeBytes: bytes.byteLength,
      };
}
