/** POSIX.1-1988 ustar, with a pax record only for the names ustar cannot hold (POSIX.1-2001, pax). */
const RECORD_BYTES = 512;
const USTAR_NAME_BYTES_MAX = 100;
const PAX_HEADER_NAME = 'pax-header';

const offset = { name: 0, size: 124, checksum: 148, type: 156 } as const;
const type = { file: '0', pax: 'x' } as const;

/** The end of a tar archive: two empty records. */
export const tarEnd: Uint8Array = new Uint8Array(2 * RECORD_BYTES);

/** The pieces of one entry in a tar archive: header, content, padding. */
export function tarEntry(name: string, bytes: Uint8Array): Uint8Array[] {
  const encodedName = Buffer.from(name, 'utf8');
  const content = [header(encodedName, bytes.length, type.file), bytes, padding(bytes.length)];
  return fitsUstar(name, encodedName) ? content : [...paxEntry(encodedName), ...content];
}

/** ustar is ASCII; a name with other letters has as many bytes as characters only by mistake. */
function fitsUstar(name: string, encodedName: Buffer): boolean {
  return encodedName.length <= USTAR_NAME_BYTES_MAX && encodedName.length === name.length;
}

function paxEntry(encodedName: Buffer): Uint8Array[] {
  const record = paxRecord('path', encodedName);
  return [header(Buffer.from(PAX_HEADER_NAME), record.length, type.pax), record, padding(record.length)];
}

/** `<length> <keyword>=<value>\n`, where the length counts its own digits. */
function paxRecord(keyword: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${keyword}=`), value, Buffer.from('\n')]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length += 1;
  return Buffer.concat([Buffer.from(String(length)), rest]);
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

const templateSum = sumOf(template);

function header(name: Buffer, sizeBytes: number, entryType: string): Buffer {
  const record = Buffer.from(template);
  name.copy(record, offset.name, 0, USTAR_NAME_BYTES_MAX);
  record.write(`${sizeBytes.toString(8).padStart(11, '0')}\0`, offset.size, 'latin1');
  record.write(entryType, offset.type, 'latin1');
  const sum =
    templateSum +
    sumOf(record.subarray(offset.name, USTAR_NAME_BYTES_MAX)) +
    sumOf(record.subarray(offset.size, offset.size + 12)) +
    entryType.charCodeAt(0);
  record.write(`${sum.toString(8).padStart(6, '0')}\0 `, offset.checksum, 'latin1');
  return record;
}

function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return sum;
}

const zeros = new Uint8Array(RECORD_BYTES);

function padding(sizeBytes: number): Uint8Array {
  return zeros.subarray(0, (RECORD_BYTES - (sizeBytes % RECORD_BYTES)) % RECORD_BYTES);
}
