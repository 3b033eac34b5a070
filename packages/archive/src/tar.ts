/** POSIX.1-1988 ustar, with a pax record only for the names ustar cannot hold (POSIX.1-2001, pax). */
const RECORD_BYTES = 512;
const USTAR_NAME_BYTES_MAX = 100;
const PAX_HEADER_NAME = Buffer.from('pax-header');

const offset = { name: 0, size: 124, checksum: 148, type: 156 } as const;
const type = { file: 0x30, pax: 0x78 } as const;

/** The end of a tar archive: two empty records. */
export const TAR_END_BYTES = 2 * RECORD_BYTES;

/** Of an entry in a tar archive: header, content, padding. */
export function tarEntryBytes(name: string, sizeBytes: number): number {
  const bytes = RECORD_BYTES + padded(sizeBytes);
  return fitsUstar(name) ? bytes : bytes + RECORD_BYTES + padded(paxRecord(name).length);
}

/** Writes an entry into `tar`, and says where the next one begins. */
export function writeTarEntry(tar: Buffer, at: number, name: string, content: Uint8Array): number {
  if (fitsUstar(name)) return writeFile(tar, at, Buffer.from(name, 'latin1'), type.file, content);
  const afterPax = writeFile(tar, at, PAX_HEADER_NAME, type.pax, paxRecord(name));
  return writeFile(tar, afterPax, Buffer.from(name), type.file, content);
}

/** ustar is ASCII; a name with other letters has as many bytes as characters only by mistake. */
function fitsUstar(name: string): boolean {
  return name.length <= USTAR_NAME_BYTES_MAX && Buffer.byteLength(name) === name.length;
}

/** `<length> <keyword>=<value>\n`, where the length counts its own digits. */
function paxRecord(name: string): Buffer {
  const rest = ` path=${name}\n`;
  const restBytes = Buffer.byteLength(rest);
  let length = restBytes + 1;
  while (String(length).length + restBytes !== length) length += 1;
  return Buffer.from(`${length}${rest}`);
}

function writeFile(
  tar: Buffer,
  at: number,
  name: Uint8Array,
  entryType: number,
  content: Uint8Array,
): number {
  writeHeader(tar, at, name, entryType, content.length);
  const from = at + RECORD_BYTES;
  tar.set(content, from);
  const end = from + padded(content.length);
  tar.fill(0, from + content.length, end);
  return end;
}

/** Every field that could differ between two machines or two moments is fixed. */
const template = (() => {
  const record = Buffer.alloc(RECORD_BYTES);
  record.write('0000644\0', 100, 'latin1'); // mode
  record.write('0000000\0', 108, 'latin1'); // uid
  record.write('0000000\0', 116, 'latin1'); // gid
  record.write('00000000000\0', 136, 'latin1'); // mtime
  record.write('        ', offset.checksum, 'latin1'); // counted as blanks while the checksum is taken
  record.write('ustar\u000000', 257, 'latin1'); // magic and version
  record.write('0000000\0', 329, 'latin1'); // device, major
  record.write('0000000\0', 337, 'latin1'); // device, minor
  return record;
})();

const templateSum = template.reduce((sum, byte) => sum + byte, 0);

function writeHeader(tar: Buffer, at: number, name: Uint8Array, entryType: number, sizeBytes: number): void {
  tar.set(template, at);
  tar[at + offset.type] = entryType;
  const sum =
    templateSum +
    entryType +
    writeName(tar, at + offset.name, name) +
    writeOctal(tar, at + offset.size, 11, sizeBytes);
  writeOctal(tar, at + offset.checksum, 6, sum);
  tar[at + offset.checksum + 6] = 0;
}

/** Both writers return the sum of what they wrote. */
function writeName(tar: Buffer, at: number, name: Uint8Array): number {
  const bytes = Math.min(name.length, USTAR_NAME_BYTES_MAX);
  let sum = 0;
  for (let index = 0; index < bytes; index += 1) {
    const byte = name[index] ?? 0;
    tar[at + index] = byte;
    sum += byte;
  }
  return sum;
}

function writeOctal(tar: Buffer, at: number, digits: number, value: number): number {
  let sum = 0;
  let rest = value;
  for (let index = digits - 1; index >= 0; index -= 1) {
    const digit = 0x30 + (rest % 8);
    tar[at + index] = digit;
    sum += digit;
    rest = Math.floor(rest / 8);
  }
  return sum;
}

function padded(bytes: number): number {
  return Math.ceil(bytes / RECORD_BYTES) * RECORD_BYTES;
}
