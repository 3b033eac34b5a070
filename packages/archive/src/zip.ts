import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { crc32, deflateRaw, deflateRawSync } from 'node:zlib';
import type { ArchiveEntry } from './entries.ts';
import { inOrder } from './in-order.ts';
import { centralDirectory, localHeader, type ZipRecord } from './zip-records.ts';

const BATCH_BYTES = 64 * 1024;
/** To hand so small an entry to the thread pool and back costs more than to deflate it here. */
const SMALL_ENTRY_BYTES = 64 * 1024;
const OUTPUT_CHUNK_BYTES_MAX = 1024 * 1024;

const deflated = promisify(deflateRaw);

interface DeflatedEntry {
  name: Buffer;
  crc: number;
  plainBytes: number;
  deflated: Buffer;
}

export async function* zip(
  entries: AsyncIterable<ArchiveEntry>,
  level: number,
  lanes: number,
): AsyncGenerator<Buffer[]> {
  const records: ZipRecord[] = [];
  let offsetBytes = 0;
  const batches = inOrder(batchesOf(entries), lanes, (batch) => deflateBatch(batch, level));
  for await (const batch of batches) {
    for (const { deflated: data, ...entry } of batch) {
      const record = { ...entry, deflatedBytes: data.length, offsetBytes };
      const header = localHeader(record);
      records.push(record);
      offsetBytes += header.length + data.length;
      yield [header, data];
    }
  }
  yield [...centralDirectory(records, offsetBytes)];
}

/** Entries are taken in batches by size, so that what is in flight is bounded for small and large ones. */
async function* batchesOf(entries: AsyncIterable<ArchiveEntry>): AsyncGenerator<ArchiveEntry[]> {
  let batch: ArchiveEntry[] = [];
  let batchBytes = 0;
  for await (const entry of entries) {
    batch.push(entry);
    batchBytes += entry.bytes.length;
    if (batchBytes >= BATCH_BYTES) {
      yield batch;
      batch = [];
      batchBytes = 0;
    }
  }
  if (batch.length > 0) yield batch;
}

/** The event loop gets its turn before each batch, about 1 ms of work. */
async function deflateBatch(batch: ArchiveEntry[], level: number): Promise<DeflatedEntry[]> {
  await nextTurn();
  return Promise.all(batch.map((entry) => deflateEntry(entry, level)));
}

async function deflateEntry({ name, bytes }: ArchiveEntry, level: number): Promise<DeflatedEntry> {
  const small = bytes.length <= SMALL_ENTRY_BYTES;
  return {
    name: Buffer.from(name, 'utf8'),
    crc: crc32(bytes),
    plainBytes: bytes.length,
    deflated: small ? deflateRawSync(bytes, { level }) : await deflateLarge(bytes, level),
  };
}

/** Room for all of the output, or much of it: each further piece is another trip to the thread pool. */
function deflateLarge(bytes: Uint8Array, level: number): Promise<Buffer> {
  return deflated(bytes, { level, chunkSize: Math.min(bytes.length + 1_024, OUTPUT_CHUNK_BYTES_MAX) });
}
