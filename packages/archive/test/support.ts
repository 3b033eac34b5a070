import { createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { crc32, deflateRawSync, gunzipSync } from 'node:zlib';
import tarStream from 'tar-stream';
import { afterEach, beforeEach } from 'vitest';
import yauzl from 'yauzl';
import { type ArchiveEntry, type BuiltPackage, openPart, type PackageKey } from '../src/index.ts';

export const packageKey: PackageKey = {
  key: Buffer.from(Array.from({ length: 32 }, (_, index) => index)),
  iv: Buffer.from(Array.from({ length: 16 }, (_, index) => 255 - index)),
};

/** A folder made for each test and removed after it. */
export function workFolder(): { readonly path: string } {
  const folder = { path: '' };
  beforeEach(async () => {
    folder.path = await mkdtemp(join(tmpdir(), 'archive-test-'));
  });
  afterEach(() => rm(folder.path, { recursive: true, force: true }));
  return folder;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}

/** What is read from an archive. */
export interface UnpackedEntry {
  name: string;
  bytes: Uint8Array;
}

/** An entry as the ledger would give it, and the bytes to compare with. */
export type TestEntry = ArchiveEntry & UnpackedEntry;

export function entryOf(name: string, bytes: Uint8Array, level = 3): TestEntry {
  const deflated = deflateRawSync(bytes, { level });
  return { name, bytes, deflated, sizeBytes: bytes.length, crc32: crc32(bytes) };
}

/** Invoice-like XML: much alike, never the same. */
export function invoices(count: number): TestEntry[] {
  return Array.from({ length: count }, (_, index) =>
    entryOf(
      `invoice-${index + 1}.xml`,
      Buffer.from(
        `<?xml version="1.0" encoding="UTF-8"?><Faktura><P_2>FV/${index + 1}/2026</P_2>` +
          `<Nazwa>Zażółć gęślą jaźń</Nazwa>${'<FaWiersz><P_11>10.00</P_11></FaWiersz>'.repeat(index % 40)}</Faktura>`,
      ),
    ),
  );
}

const noise = randomBytes(4_000_000);

/** Entries that do not compress. */
export function* noisyEntries(count: number, sizeBytes: number): Generator<TestEntry> {
  for (let index = 0; index < count; index += 1) {
    const from = (index * 7919) % (noise.length - sizeBytes);
    yield entryOf(`noise-${index}.xml`, noise.subarray(from, from + sizeBytes), 0);
  }
}

/** What KSeF does with the parts: read, decrypt each on its own, join. */
export async function decryptedArchive(built: BuiltPackage, { key, iv } = packageKey): Promise<Buffer> {
  const plainParts: Buffer[] = [];
  for (const part of built.parts) {
    const encrypted = await buffer(openPart(part));
    const decipher = createDecipheriv('aes-256-cbc', key, iv);
    plainParts.push(Buffer.concat([decipher.update(encrypted), decipher.final()]));
  }
  return Buffer.concat(plainParts);
}

export function unpacked(
  archive: Buffer,
  compression: BuiltPackage['compression'],
): Promise<UnpackedEntry[]> {
  return compression === 'TarGz' ? untarred(gunzipSync(archive)) : unzipped(archive);
}

export async function untarred(tar: Buffer): Promise<UnpackedEntry[]> {
  const entries: UnpackedEntry[] = [];
  for await (const entry of Readable.from([tar]).pipe(tarStream.extract())) {
    entries.push({ name: entry.header.name, bytes: await buffer(entry) });
  }
  return entries;
}

async function unzipped(archive: Buffer): Promise<UnpackedEntry[]> {
  const zipFile = await yauzl.fromBufferPromise(archive, { strictFileNames: true });
  return readZip(zipFile);
}

export async function readZip(zipFile: yauzl.ZipFile): Promise<UnpackedEntry[]> {
  const entries: UnpackedEntry[] = [];
  for await (const entry of zipFile.eachEntry()) {
    const content = await zipFile.openReadStreamPromise(entry);
    entries.push({ name: entry.fileName, bytes: await buffer(content) });
  }
  return entries;
}

/** Names and contents, short enough to compare and to read in a failure. */
export function digests(entries: readonly UnpackedEntry[]): string[] {
  return entries.map(({ name, bytes }) => `${name} ${bytes.length} ${sha256(bytes)}`);
}

export async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Every file below a folder. */
export async function filesIn(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.filter((item) => item.isFile()).map((item) => join(item.parentPath, item.name));
}

export async function bytesOfFiles(paths: readonly string[]): Promise<Buffer[]> {
  return Promise.all(paths.map((path) => readFile(path)));
}
