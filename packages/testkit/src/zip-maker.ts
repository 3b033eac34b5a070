/** Archives for tests and benchmarks, well made or not; apart from the rest, which needs a test run around it. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipFileSpec {
  readonly name: string;
  readonly data: Uint8Array;
  readonly method?: 'store' | 'deflate' | number;
  /** Told instead of the true one. */
  readonly claimedBytes?: number;
  readonly claimedCrc?: number;
  readonly encrypted?: boolean;
  /** `data` is what stands in the archive, whatever `method` says. */
  readonly isPacked?: boolean;
  /** Unix file type and permissions, such as 0o120777 for a link. */
  readonly unixMode?: number;
}

/** A ZIP as hostile as asked for. */
export function makeZip(files: readonly ZipFileSpec[]): Buffer<ArrayBuffer> {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const name = Buffer.from(file.name, 'utf8');
    const method = file.method === 'store' ? 0 : typeof file.method === 'number' ? file.method : 8;
    const packed =
      method === 8 && file.isPacked !== true ? deflateRawSync(file.data) : Buffer.from(file.data);
    const common = commonFields(file, method, packed.byteLength, name.byteLength);
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), common, u16(0), name, packed]);
    central.push(
      Buffer.concat([
        Buffer.from('504b0102', 'hex'),
        u16((3 << 8) | 20),
        common,
        u16(0),
        u16(0),
        u16(0),
        u16(0),
        u32(((file.unixMode ?? 0o100644) << 16) >>> 0),
        u32(offset),
        name,
      ]),
    );
    locals.push(local);
    offset += local.byteLength;
  }
  const list = Buffer.concat(central);
  const end = Buffer.concat([
    Buffer.from('504b0506', 'hex'),
    u16(0),
    u16(0),
    u16(files.length),
    u16(files.length),
    u32(list.byteLength),
    u32(offset),
    u16(0),
  ]);
  return Buffer.concat([...locals, list, end]);
}

/** From "version needed" to the length of the name, the same in both headers. */
function commonFields(file: ZipFileSpec, method: number, packedBytes: number, nameBytes: number): Buffer {
  return Buffer.concat([
    u16(20),
    u16(0x800 | (file.encrypted === true ? 1 : 0)),
    u16(method),
    u16(0),
    u16(0x5a21),
    u32(file.claimedCrc ?? crc32(file.data)),
    u32(packedBytes),
    u32(file.claimedBytes ?? file.data.byteLength),
    u16(nameBytes),
  ]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
