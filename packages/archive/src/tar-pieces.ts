import { promisify } from 'node:util';
import { crc32, gunzip, inflateRawSync } from 'node:zlib';
import type { ArchiveEntry } from './entries.ts';
import { refusal } from './errors.ts';
import { gzipMembers } from './gzip-members.ts';
import { inOrder } from './in-order.ts';
import { release } from './release.ts';
import { tarEnd, tarEntry } from './tar.ts';

/** So much is unpacked at a time, or a little more: a group ends with the invoice that makes it so long. */
const GROUP_BYTES = 512 * 1024;

const unpack = promisify(gunzip);

interface Group {
  entries: ArchiveEntry[];
  plainBytes: number;
}

/** The tar stream, unpacked group by group in the thread pool. Pieces may be read until more are asked for. */
export async function* tarPieces(
  entries: AsyncIterable<ArchiveEntry>,
  lanes: number,
): AsyncGenerator<Uint8Array[]> {
  for await (const { group, plain } of inOrder(groups(entries), lanes, unpacked)) {
    yield piecesOf(group, plain);
    release(plain);
  }
  yield [tarEnd];
}

async function* groups(entries: AsyncIterable<ArchiveEntry>): AsyncGenerator<Group> {
  let group: Group = { entries: [], plainBytes: 0 };
  for await (const entry of entries) {
    group.entries.push(entry);
    group.plainBytes += entry.sizeBytes;
    if (group.plainBytes < GROUP_BYTES) continue;
    yield group;
    group = { entries: [], plainBytes: 0 };
  }
  if (group.entries.length > 0) yield group;
}

async function unpacked(group: Group) {
  const members = gzipMembers(group.entries);
  const { plainBytes } = group;
  try {
    // With room for one more byte zlib sees that it has come to the end, and makes no room for another piece.
    const plain = await unpack(members, {
      chunkSize: Math.max(GROUP_BYTES, plainBytes) + 1,
      maxOutputLength: plainBytes,
    });
    release(members);
    return { group, plain };
  } catch (error) {
    const damaged = group.entries.find((entry) => !isWhole(entry));
    throw damaged === undefined ? error : refusal.invoiceDamaged(damaged.name);
  }
}

function piecesOf({ entries }: Group, plain: Buffer): Uint8Array[] {
  let at = 0;
  return entries.flatMap(({ name, sizeBytes }) => {
    const bytes = plain.subarray(at, at + sizeBytes);
    at += sizeBytes;
    return tarEntry(name, bytes);
  });
}

function isWhole({ deflated, sizeBytes, crc32: expected }: ArchiveEntry): boolean {
  try {
    return crc32(inflateRawSync(deflated, { maxOutputLength: sizeBytes })) === expected;
  } catch {
    return false;
  }
}
