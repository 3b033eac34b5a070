import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { diskFailureOf, Problem } from '@wsad/domain';
import type { ZipFile } from 'yauzl';
import { z } from 'zod';
import type { CallBudget, CallLimits } from './call-budget.ts';
import { collectEntry, ENTRY_BYTES_MAX, type Entry, type EntryContent, wholeEntry } from './entry.ts';
import { judgedEntries, type NamedEntry, unreadable } from './zip-rules.ts';
import { noPlace, type ZipSource, zipSource } from './zip-source.ts';

/** Signature, facts that the list tells as well, and the lengths of name and extra field, which follow. */
const LOCAL_HEADER_BYTES = 30;
const LOCAL_HEADER_SIGNATURE = 0x04034b50;
/** Entries packed to at most this are unpacked in one go: a call each is quicker than a stream each. */
const ONE_GO_BYTES_MAX = 100_000;
/** zlib makes none smaller. */
const CHUNK_BYTES_MIN = 64;
/** Node's types leave out what `info` adds: the engine knows how much of the input was deflated data. */
const inflated = z.object({ buffer: z.instanceof(Buffer), engine: z.object({ bytesWritten: z.number() }) });
/** Invoices deflate to a third. What is packed worse than to this is packed anew before it is stored. */
const KEPT_SHARE_MAX = 0.5;

/** A flat archive of XML files. */
export async function* zipEntries(
  body: AsyncIterable<Uint8Array>,
  budget: CallBudget,
  limits: CallLimits,
): AsyncGenerator<Entry> {
  yield* sourceEntries(await zipSource(body), budget, limits);
}

/** The same once it is here; nothing of it is left when the last was taken. */
export async function* sourceEntries(
  source: ZipSource,
  budget: CallBudget,
  limits: CallLimits,
): AsyncGenerator<Entry> {
  try {
    const zip = await opened(source);
    for (const named of await listed(zip, limits)) {
      yield { fileName: named.name, externalId: null, content: await unpacked(source, named, budget) };
    }
  } finally {
    await source.dispose();
  }
}

/** What is no fault of the archive: refused already, or the file that it is read from fails. */
function rethrowOther(error: unknown): void {
  if (error instanceof Problem) throw error;
  if (diskFailureOf(error)?.disk === 'files') noPlace(error);
}

async function opened(source: ZipSource): Promise<ZipFile> {
  try {
    return await source.open({ decodeStrings: false, autoClose: false });
  } catch (error) {
    rethrowOther(error);
    throw new Problem(
      'ARCHIVE_UNREADABLE',
      `This is no ZIP archive, or only a part of one: ${messageOf(error)}`,
    );
  }
}

async function listed(zip: ZipFile, limits: CallLimits): Promise<NamedEntry[]> {
  try {
    return await judgedEntries(zip, limits);
  } catch (error) {
    rethrowOther(error);
    throw new Problem('ARCHIVE_UNREADABLE', `The list of contents is broken: ${messageOf(error)}`);
  }
}

async function unpacked(source: ZipSource, named: NamedEntry, budget: CallBudget): Promise<EntryContent> {
  try {
    const start = await dataStart(source, named);
    const whole = await inOneGo(source, named, start);
    if (whole !== null) {
      refuseDamaged(named, crc32(whole.bytes));
      return wholeEntry(whole.bytes, budget, whole.deflated);
    }
    const measured = measuring(unpacking(source, named, start));
    const content = await collectEntry(measured.chunks, budget);
    refuseDamaged(named, measured.crc32());
    return content;
  } catch (error) {
    rethrowOther(error);
    throw unreadable(named.name, `is damaged: ${messageOf(error)}`);
  }
}

/** Only what stands in front of an entry tells where it begins; the rest of it is not looked at. */
async function dataStart({ bytes }: ZipSource, { headerStart, packedBytes }: NamedEntry): Promise<number> {
  const header = await bytes.read(headerStart, headerStart + LOCAL_HEADER_BYTES);
  if (header.byteLength < LOCAL_HEADER_BYTES) throw new Error('it begins beyond the end of the archive');
  if (header.readUInt32LE(0) !== LOCAL_HEADER_SIGNATURE)
    throw new Error('nothing begins where the list says');
  const start = headerStart + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (start + packedBytes > bytes.sizeBytes) throw new Error('it ends beyond the end of the archive');
  return start;
}

function refuseDamaged({ name, crc32: told }: NamedEntry, found: number): void {
  if (found !== told) throw unreadable(name, 'is damaged: its checksum differs');
}

/** Null where the entry is too large for it; what it says of its own size is no reason to believe it. */
async function inOneGo(
  source: ZipSource,
  { isDeflated, packedBytes, unpackedBytes }: NamedEntry,
  start: number,
): Promise<{ bytes: Buffer; deflated: Buffer | null } | null> {
  if (packedBytes > ONE_GO_BYTES_MAX) return null;
  const packed = await source.bytes.read(start, start + packedBytes);
  if (!isDeflated) return { bytes: packed, deflated: null };
  try {
    // Room for what the entry says to be: a hint that saves memory where it is true and costs a turn where it is not.
    const chunkSize = Math.min(Math.max(unpackedBytes + 1, CHUNK_BYTES_MIN), ONE_GO_BYTES_MAX);
    const { buffer, engine } = inflated.parse(
      inflateRawSync(packed, { maxOutputLength: ENTRY_BYTES_MAX, chunkSize, info: true }),
    );
    const isWorthKeeping =
      engine.bytesWritten === packed.length && packed.length <= buffer.length * KEPT_SHARE_MAX;
    return { bytes: buffer, deflated: isWorthKeeping ? packed : null };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

async function* unpacking(
  source: ZipSource,
  { isDeflated, packedBytes }: NamedEntry,
  start: number,
): AsyncGenerator<Uint8Array> {
  const packed = source.stream(start, start + packedBytes);
  if (!isDeflated) {
    yield* packed;
    return;
  }
  const inflate = createInflateRaw();
  const piping = pipeline(packed, inflate);
  piping.catch(() => {});
  try {
    yield* inflate;
    await piping;
  } finally {
    // Left early, the file may only be closed once nothing reads it any more.
    inflate.destroy();
    await piping.catch(() => {});
  }
}

function measuring(chunks: AsyncIterable<Uint8Array>): {
  chunks: AsyncGenerator<Uint8Array>;
  crc32(): number;
} {
  let crc = 0;
  return {
    chunks: (async function* () {
      for await (const chunk of chunks) {
        crc = crc32(chunk, crc);
        yield chunk;
      }
    })(),
    crc32: () => crc,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
