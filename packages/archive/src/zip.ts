import type { ArchiveEntry } from './entries.ts';
import { centralDirectory, localHeader, type ZipRecord } from './zip-records.ts';

/**
 * The invoices come deflated, so nothing is compressed here: the archive is headers around bytes that were made when
 * the invoice was taken in. No zlib has a say in them, so that any machine builds the same archive at any time.
 */
export async function* zip(entries: AsyncIterable<ArchiveEntry>): AsyncGenerator<Uint8Array[]> {
  const records: ZipRecord[] = [];
  let offsetBytes = 0;
  for await (const { name, deflated, sizeBytes, crc32 } of entries) {
    const record = {
      name,
      crc: crc32,
      deflatedBytes: deflated.length,
      plainBytes: sizeBytes,
      offsetBytes,
    };
    const header = localHeader(record);
    records.push(record);
    offsetBytes += header.length + deflated.length;
    yield [header, deflated];
  }
  yield [...centralDirectory(records, offsetBytes)];
}
