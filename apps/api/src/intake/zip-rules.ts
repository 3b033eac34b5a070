import { Problem } from '@wsad/domain';
import { type Entry, getFileNameLowLevel, type ZipFile } from 'yauzl';
import type { CallLimits } from './call-budget.ts';

const FILE_NAME_LENGTH_MAX = 255;
const ARCHIVE_NAME = /\.(zip|7z|rar|tar|tgz|gz|bz2|xz|zst|jar)$/i;
const DEFLATED = 8;
const UNIX_FILE_TYPE = 0o170000;
const UNIX_REGULAR_FILE = 0o100000;
const UNIX_LINK = 0o120000;

/** What is kept of a line of the list until its entry is read. Nothing in it is more than a claim. */
export interface NamedEntry {
  readonly name: string;
  readonly isDeflated: boolean;
  readonly crc32: number;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly headerStart: number;
}

/** The archive's list of contents, every entry judged by name and kind before a single one is unpacked. */
export async function judgedEntries(zip: ZipFile, limits: CallLimits): Promise<NamedEntry[]> {
  const entries: NamedEntry[] = [];
  const names = new Set<string>();
  for await (const entry of zip.eachEntry()) {
    const name = nameOf(entry);
    judgeName(name);
    judgeKind(name, entry);
    const comparable = name.normalize('NFC').toLowerCase();
    if (names.has(comparable)) throw unsafe(name, 'stands in the archive twice');
    names.add(comparable);
    entries.push(namedEntry(name, entry));
    if (entries.length > limits.invoicesMax)
      throw new Problem('TOO_LARGE', `The archive holds more than ${limits.invoicesMax} files.`);
  }
  return entries;
}

function namedEntry(name: string, entry: Entry): NamedEntry {
  return {
    name,
    isDeflated: entry.compressionMethod === DEFLATED,
    crc32: entry.crc32,
    packedBytes: entry.compressedSize,
    unpackedBytes: entry.uncompressedSize,
    headerStart: entry.relativeOffsetOfLocalHeader,
  };
}

function nameOf(entry: Entry): string {
  return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
}

function judgeName(name: string): void {
  if (name === '' || hasControlCharacter(name)) throw unsafe(name, 'has no proper name');
  if (name.length > FILE_NAME_LENGTH_MAX) throw unsafe(name, 'has a name of more than 255 characters');
  if (/^([A-Za-z]:|[\\/])/.test(name)) throw unsafe(name, 'is an absolute path');
  if (name.split(/[\\/]/).includes('..')) throw unsafe(name, 'leads out of the archive');
  if (/[\\/]/.test(name)) throw unsafe(name, 'is or lies in a folder');
  if (ARCHIVE_NAME.test(name)) throw unsafe(name, 'is an archive inside the archive');
  if (!/\.xml$/i.test(name)) throw unreadable(name, 'is not an XML file');
}

function judgeKind(name: string, entry: Entry): void {
  const unixType = (entry.externalFileAttributes >>> 16) & UNIX_FILE_TYPE;
  if (unixType === UNIX_LINK) throw unsafe(name, 'is a link');
  if (unixType !== 0 && unixType !== UNIX_REGULAR_FILE) throw unsafe(name, 'is not an ordinary file');
  if (entry.isEncrypted()) throw unreadable(name, 'is encrypted');
  if (!entry.canDecodeFileData())
    throw unreadable(
      name,
      `is packed by method ${entry.compressionMethod}, which is neither stored nor deflated`,
    );
}

export function unreadable(name: string, why: string): Problem {
  return new Problem('ARCHIVE_UNREADABLE', `"${printable(name)}" ${why}.`, { entry: printable(name) });
}

function unsafe(name: string, why: string): Problem {
  return new Problem('ARCHIVE_UNSAFE', `"${printable(name)}" ${why}.`, { entry: printable(name) });
}

function hasControlCharacter(name: string): boolean {
  return /\p{Cc}/u.test(name);
}

function printable(name: string): string {
  return name.replaceAll(/\p{Cc}/gu, '?').slice(0, 100);
}
