import type { InvoiceFacts } from '@wsad/domain';
import { type CheckedInvoice, type CheckRules, INVOICE_FAULTS } from '@wsad/invoice';
import type { Entry } from './entry.ts';

/** Large enough to keep every thread of the checker busy, small enough to bound what is in memory. */
const BATCH_ENTRIES_MAX = 200;
const BATCH_BYTES_MAX = 4_000_000;
const BATCHES_AT_ONCE_MAX = 2;

export interface EntryFault {
  readonly code: string;
  readonly message: string;
  readonly line: number | null;
}

export interface CheckedEntry {
  /** Its place in the call, from 0. */
  readonly position: number;
  readonly fileName: string | null;
  readonly externalId: string | null;
  readonly correctionOf: string | null;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly deflated: Uint8Array;
  /** Of the original bytes; of no use where the entry is refused. */
  readonly crc32: number;
  readonly facts: InvoiceFacts | null;
  readonly faults: readonly EntryFault[];
}

export type CheckFiles = (
  files: readonly Uint8Array[],
  rules: CheckRules,
  deflated: readonly (Uint8Array | null)[],
) => Promise<CheckedInvoice[]>;

/** Checks entries while the rest of the call is still being read, and hands them on batch by batch as they are done. */
export async function checkEntries(
  entries: AsyncIterable<Entry>,
  rules: CheckRules,
  check: CheckFiles,
  take: (checked: readonly CheckedEntry[]) => Promise<void>,
): Promise<void> {
  const batches: Promise<void>[] = [];
  try {
    let begin = 0;
    for await (const batch of inBatches(entries)) {
      await batches.at(-BATCHES_AT_ONCE_MAX);
      const done = checkBatch(batch, begin, rules, check).then(take);
      // Its error is thrown where it is awaited; until then the sender may be silent for long.
      done.catch(() => {});
      batches.push(done);
      begin += batch.length;
    }
    await Promise.all(batches);
  } finally {
    await Promise.allSettled(batches);
  }
}

async function* inBatches(entries: AsyncIterable<Entry>): AsyncGenerator<Entry[]> {
  let batch: Entry[] = [];
  let bytes = 0;
  for await (const entry of entries) {
    batch.push(entry);
    bytes += entry.content.kind === 'bytes' ? entry.content.bytes.byteLength : 0;
    if (batch.length < BATCH_ENTRIES_MAX && bytes < BATCH_BYTES_MAX) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

async function checkBatch(
  batch: readonly Entry[],
  begin: number,
  rules: CheckRules,
  check: CheckFiles,
): Promise<CheckedEntry[]> {
  const files = batch.flatMap(({ content }) => (content.kind === 'bytes' ? [content] : []));
  const bytes = files.map((file) => file.bytes);
  const deflated = files.map((file) => file.deflated);
  const answers = (await check(bytes, rules, deflated)).values();
  return batch.map((entry, index) => {
    const { fileName, externalId, correctionOf = null, content } = entry;
    const place = { position: begin + index, fileName, externalId, correctionOf };
    if (content.kind === 'oversized') return { ...place, ...oversized(content.sha256, content.sizeBytes) };
    const answer = answers.next().value;
    if (answer === undefined) throw new Error('the checker answered fewer files than it was given');
    return { ...place, ...answer };
  });
}

function oversized(
  sha256: string,
  sizeBytes: number,
): Omit<CheckedEntry, 'position' | 'fileName' | 'externalId' | 'correctionOf'> {
  const message = `The file has ${sizeBytes} bytes. ${INVOICE_FAULTS.FILE_TOO_LARGE}`;
  const faults = [{ code: 'FILE_TOO_LARGE', message, line: null }];
  return { sha256, sizeBytes, deflated: new Uint8Array(), crc32: 0, facts: null, faults };
}
