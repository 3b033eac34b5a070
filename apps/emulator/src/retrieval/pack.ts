/** The package of an export: an archive of documents and metadata, cut in parts and encrypted for who asked. */
import { createCipheriv, createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack as tarPack } from 'tar-stream';
import { ZipFile } from 'yazl';
import type { World } from '../world.ts';
import type { InvoiceExport, PackagePart } from './exports.ts';

export type PackedEntry = { name: string; read: () => Promise<Buffer> };
export type SessionCipher = { key: Buffer; iv: Buffer };

export const PART_BYTES_MAX = 50_000_000;

/** Writes the archive, cuts and encrypts it; answers its size and parts. */
export async function packExport(
  world: World,
  { referenceNumber, compression }: InvoiceExport,
  entries: readonly PackedEntry[],
  cipher: SessionCipher,
): Promise<{ size: number; parts: PackagePart[] }> {
  const archive = path.join(world.folder, `${referenceNumber}.archive`);
  try {
    await (compression === 'Zip' ? writeZip(archive, entries) : writeTarGz(archive, entries));
    return await cutAndEncrypt(archive, { folder: world.folder, name: referenceNumber }, cipher);
  } finally {
    await rm(archive, { force: true });
  }
}

async function writeZip(file: string, entries: readonly PackedEntry[]): Promise<void> {
  const zip = new ZipFile();
  const written = pipeline(zip.outputStream, createWriteStream(file));
  for (const { name, read } of entries) zip.addBuffer(await read(), name);
  zip.end();
  await written;
}

async function writeTarGz(file: string, entries: readonly PackedEntry[]): Promise<void> {
  const tar = tarPack();
  const written = pipeline(tar, createGzip(), createWriteStream(file));
  for (const { name, read } of entries) tar.entry({ name }, await read());
  tar.finalize();
  await written;
}

async function cutAndEncrypt(
  archive: string,
  target: { folder: string; name: string },
  { key, iv }: SessionCipher,
): Promise<{ size: number; parts: PackagePart[] }> {
  const handle = await open(archive);
  const { size } = await handle.stat().finally(() => handle.close());
  const parts: PackagePart[] = [];
  for (let start = 0; start < size; start += PART_BYTES_MAX) {
    const plain = await bytesOf(archive, start, Math.min(size, start + PART_BYTES_MAX));
    const aes = createCipheriv('aes-256-cbc', key, iv);
    const encrypted = Buffer.concat([aes.update(plain), aes.final()]);
    const file = `${target.name}.${parts.length + 1}`;
    await writeFile(path.join(target.folder, file), encrypted);
    parts.push({
      ordinalNumber: parts.length + 1,
      file,
      plain: { size: plain.length, hash: sha256(plain) },
      encrypted: { size: encrypted.length, hash: sha256(encrypted) },
    });
  }
  return { size, parts };
}

async function bytesOf(file: string, start: number, end: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of createReadStream(file, { start, end: end - 1 })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64');
}
