import { promisify } from 'node:util';
import { crc32, gunzip, inflateRawSync } from 'node:zlib';
import type { ArchiveEntry } from './entries.ts';
import { refusal } from './errors.ts';
import { GzipMembers } from './gzip-members.ts';
import { inOrder } from './in-order.ts';
import { TAR_OVERHEAD_BYTES_MAX, tarEnd, tarHeader, tarPadding } from './tar.ts';

/** So much is unpacked at a time, or a little more: a group ends with the invoice that makes it so long. */
const GROUP_BYTES = 512 * 1024;

const unpack = promisify(gunzip);

/** The tar stream, group by group, unpacked in the thread pool. */
export async function* tarPieces(
  entries: AsyncIterable<ArchiveEntry>,
  lanes: number,
): AsyncGenerator<Buffer[]> {
  yield* inOrder(groups(entries), lanes, async (group) => [await unpackedGroup(group)]);
  yield [tarEnd];
}

async function* groups(entries: AsyncIterable<ArchiveEntry>): AsyncGenerator<ArchiveEntry[]> {
  let group: ArchiveEntry[] = [];
  let groupBytes = 0;
  for await (const entry of entries) {
    group.push(entry);
    groupBytes += entry.sizeBytes;
    if (groupBytes < GROUP_BYTES) continue;
    yield group;
    group = [];
    groupBytes = 0;
  }
  if (group.length > 0) yield group;
}

/** Headers and padding go through the unpacking as well: what comes out is the tar, without another copy. */
async function unpackedGroup(group: readonly ArchiveEntry[]): Promise<Buffer> {
  const deflatedBytes = group.reduce((sum, { deflated }) => sum + deflated.length, 0);
  const members = new GzipMembers(deflatedBytes + group.length * TAR_OVERHEAD_BYTES_MAX, group.length * 3);
  for (const entry of group) {
    members.stored(tarHeader(entry));
    members.deflated(entry.deflated, entry.crc32, entry.sizeBytes);
    members.stored(tarPadding(entry.sizeBytes));
  }
  const { plainBytes } = members;
  try {
    return await unpack(members.bytes, { chunkSize: plainBytes, maxOutputLength: plainBytes });
  } catch (error) {
    const damaged = group.find((entry) => !isWhole(entry));
    throw damaged === undefined ? error : refusal.invoiceDamaged(damaged.name);
  }
}

function isWhole({ deflated, sizeBytes, crc32: expected }: ArchiveEntry): boolean {
  try {
    return crc32(inflateRawSync(deflated, { maxOutputLength: sizeBytes })) === expected;
  } catch {
    return false;
  }
}
