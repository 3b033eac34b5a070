/** The records of a ZIP archive (PKWARE APPNOTE 6.3.10), zip64 only where a value does not fit. */
export interface ZipRecord {
  /** Encoded where it is written: bytes kept for each until the end would keep the pages of memory around them too. */
  name: string;
  crc: number;
  deflatedBytes: number;
  plainBytes: number;
  /** Where the entry's local header starts in the archive. */
  offsetBytes: number;
}

const UINT16_FULL = 0xffff;
const UINT32_FULL = 0xffffffff;
const VERSION_DEFLATE = 20;
const VERSION_ZIP64 = 45;
const MADE_ON_UNIX = 3 << 8;
const FLAG_NAMES_ARE_UTF8 = 0x0800;
const METHOD_DEFLATE = 8;
const DOS_TIME = 0; // 00:00
const DOS_DATE = 0x0021; // 1980-01-01, the first day the format knows
const MODE_REGULAR_0644 = 0o100644 * 2 ** 16;

export function localHeader(record: Omit<ZipRecord, 'offsetBytes'>): Buffer {
  const name = Buffer.from(record.name, 'utf8');
  const header = Buffer.alloc(30 + name.length);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(VERSION_DEFLATE, 4);
  writeCommonFields(header, 6, record, name.length);
  name.copy(header, 30);
  return header;
}

function centralHeader(record: ZipRecord): Buffer {
  const far = record.offsetBytes >= UINT32_FULL;
  const extraBytes = far ? 12 : 0;
  const name = Buffer.from(record.name, 'utf8');
  const header = Buffer.alloc(46 + name.length + extraBytes);
  const version = far ? VERSION_ZIP64 : VERSION_DEFLATE;
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(MADE_ON_UNIX | version, 4);
  header.writeUInt16LE(version, 6);
  writeCommonFields(header, 8, record, name.length);
  header.writeUInt16LE(extraBytes, 30);
  header.writeUInt32LE(MODE_REGULAR_0644, 38);
  header.writeUInt32LE(far ? UINT32_FULL : record.offsetBytes, 42);
  name.copy(header, 46);
  if (far) writeZip64Offset(header, 46 + name.length, record.offsetBytes);
  return header;
}

/** Flags to name length: the same 22 bytes in both headers. */
function writeCommonFields(
  header: Buffer,
  at: number,
  record: Omit<ZipRecord, 'offsetBytes' | 'name'>,
  nameBytes: number,
): void {
  header.writeUInt16LE(FLAG_NAMES_ARE_UTF8, at);
  header.writeUInt16LE(METHOD_DEFLATE, at + 2);
  header.writeUInt16LE(DOS_TIME, at + 4);
  header.writeUInt16LE(DOS_DATE, at + 6);
  header.writeUInt32LE(record.crc, at + 8);
  header.writeUInt32LE(record.deflatedBytes, at + 12);
  header.writeUInt32LE(record.plainBytes, at + 16);
  header.writeUInt16LE(nameBytes, at + 20);
}

function writeZip64Offset(header: Buffer, at: number, offsetBytes: number): void {
  header.writeUInt16LE(0x0001, at);
  header.writeUInt16LE(8, at + 2);
  header.writeBigUInt64LE(BigInt(offsetBytes), at + 4);
}

/** Everything after the last entry: the directory, and its end. */
export function* centralDirectory(records: readonly ZipRecord[], startBytes: number): Generator<Buffer> {
  let directoryBytes = 0;
  for (const record of records) {
    const header = centralHeader(record);
    directoryBytes += header.length;
    yield header;
  }
  const far = records.length >= UINT16_FULL || startBytes >= UINT32_FULL || directoryBytes >= UINT32_FULL;
  if (far) yield zip64End(records.length, directoryBytes, startBytes);
  yield directoryEnd(records.length, directoryBytes, startBytes);
}

function zip64End(count: number, directoryBytes: number, startBytes: number): Buffer {
  const end = Buffer.alloc(56 + 20);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4); // bytes that follow in this record
  end.writeUInt16LE(MADE_ON_UNIX | VERSION_ZIP64, 12);
  end.writeUInt16LE(VERSION_ZIP64, 14);
  end.writeBigUInt64LE(BigInt(count), 24);
  end.writeBigUInt64LE(BigInt(count), 32);
  end.writeBigUInt64LE(BigInt(directoryBytes), 40);
  end.writeBigUInt64LE(BigInt(startBytes), 48);
  end.writeUInt32LE(0x07064b50, 56); // the locator of the record above
  end.writeBigUInt64LE(BigInt(startBytes + directoryBytes), 64);
  end.writeUInt32LE(1, 72);
  return end;
}

function directoryEnd(count: number, directoryBytes: number, startBytes: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, UINT16_FULL), 8);
  end.writeUInt16LE(Math.min(count, UINT16_FULL), 10);
  end.writeUInt32LE(Math.min(directoryBytes, UINT32_FULL), 12);
  end.writeUInt32LE(Math.min(startBytes, UINT32_FULL), 16);
  return end;
}
