import { type FileHandle, open } from 'node:fs/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { breathe } from '../background.ts';
import type { Intake } from './intake.ts';
import { SessionFailure } from './session-failure.ts';

const SMALL_BYTES_MAX = 1_000_000;
const LOCAL_HEADER_BYTES = 30;
const DEFLATED = 8;

/** Takes a ZIP apart by its directory. Small files, as invoices are, are inflated whole, big ones as streams. */
export async function unpackZip(archiveFile: string, intake: Intake): Promise<void> {
  const zip = await openPromise(archiveFile, { lazyEntries: true, autoClose: false, strictFileNames: true });
  const file = await open(archiveFile);
  try {
    const window = createWindow(file, zip.fileSize);
    for await (const entry of zip.eachEntry()) {
      await takeEntry(zip, window, entry, intake);
      await breathe();
    }
  } finally {
    await file.close();
    zip.close();
  }
}

async function takeEntry(zip: ZipFile, window: Window, entry: Entry, intake: Intake): Promise<void> {
  const { fileName, compressedSize, uncompressedSize, compressionMethod } = entry;
  if (entry.isEncrypted()) throw new SessionFailure(430, [`Zaszyfrowany plik w archiwum: ${fileName}`]);
  const small = Math.max(compressedSize, uncompressedSize) <= SMALL_BYTES_MAX;
  if (small && compressionMethod === DEFLATED)
    await intake.takeWhole(fileName, await inflated(window, entry));
  else await intake.take(fileName, await zip.openReadStreamPromise(entry));
}

async function inflated(window: Window, entry: Entry): Promise<Buffer> {
  const header = await window.read(entry.relativeOffsetOfLocalHeader, LOCAL_HEADER_BYTES);
  const namesBytes = header.readUInt16LE(26) + header.readUInt16LE(28);
  const start = entry.relativeOffsetOfLocalHeader + LOCAL_HEADER_BYTES + namesBytes;
  const packed = await window.read(start, entry.compressedSize);
  const plain = inflateRawSync(packed, { maxOutputLength: SMALL_BYTES_MAX });
  if (plain.length !== entry.uncompressedSize || crc32(plain) !== entry.crc32) {
    throw new SessionFailure(430, [`Uszkodzony plik w archiwum: ${entry.fileName}`]);
  }
  return plain;
}

/** Reads a file in big strides, so that many small neighbours cost one read. */
type Window = { read(offset: number, length: number): Promise<Buffer> };

const WINDOW_BYTES = 4_000_000;

function createWindow(file: FileHandle, fileBytes: number): Window {
  let start = 0;
  let held: Buffer = Buffer.alloc(0);

  async function read(offset: number, length: number): Promise<Buffer> {
    if (offset + length > fileBytes) throw new SessionFailure(430, ['Archiwum jest niekompletne.']);
    if (offset < start || offset + length > start + held.length) {
      const wanted = Buffer.allocUnsafe(Math.min(WINDOW_BYTES, fileBytes - offset));
      const { bytesRead } = await file.read(wanted, 0, wanted.length, offset);
      if (bytesRead < length) throw new SessionFailure(430, ['Archiwum jest niekompletne.']);
      start = offset;
      held = wanted.subarray(0, bytesRead);
    }
    return held.subarray(offset - start, offset - start + length);
  }

  return { read };
}
