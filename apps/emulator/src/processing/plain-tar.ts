/**
 * The files of a tar that begins as plainly as nearly all do: regular ones, not too large, each behind one header of the
 * form that POSIX knows. What comes after the last of these is for a library that knows every form and every fault.
 */
import { breathe } from '../background.ts';
import { type Intake, KEPT_BYTES_MAX } from './intake.ts';

const BLOCK_BYTES = 512;
const REGULAR_FILE = 0x30;
const NAME_BYTES = 100;
const BLANK = 0x20;

type PlainEntry = { name: string; start: number; end: number; nextAt: number };

/** Takes the plain files; yields what is left of the tar. */
export async function* takePlainFiles(chunks: AsyncIterable<Buffer>, intake: Intake): AsyncGenerator<Buffer> {
  /** An entry of which a part is still to come. */
  let begun: Buffer = Buffer.alloc(0);
  let wantedBytes = BLOCK_BYTES;
  for await (const chunk of chunks) {
    let left = chunk;
    while (left.length > 0 && wantedBytes > 0) {
      const missingBytes = begun.length === 0 ? left.length : wantedBytes - begun.length;
      const tar = begun.length === 0 ? left : Buffer.concat([begun, left.subarray(0, missingBytes)]);
      left = left.subarray(missingBytes);
      begun = tar.subarray(await takeFrom(tar, intake));
      wantedBytes = wantedFor(begun);
    }
    if (wantedBytes > 0) continue;
    yield* [begun, left].filter(({ length }) => length > 0);
    begun = Buffer.alloc(0);
  }
  if (begun.length > 0) yield begun;
}

/** Answers where the first entry begins that is not taken. */
async function takeFrom(tar: Buffer, intake: Intake): Promise<number> {
  let at = 0;
  for (let entry = entryAt(tar, at); entry !== null && entry.nextAt <= tar.length; entry = entryAt(tar, at)) {
    await intake.takeWhole(entry.name, tar.subarray(entry.start, entry.end));
    at = entry.nextAt;
    await breathe();
  }
  return at;
}

/** How many bytes the entry takes that begins the tar; none where it is not plain. */
function wantedFor(tar: Buffer): number {
  if (tar.length < BLOCK_BYTES) return BLOCK_BYTES;
  return entryAt(tar, 0)?.nextAt ?? 0;
}

/** null where no plain entry has its header there. */
function entryAt(tar: Buffer, at: number): PlainEntry | null {
  if (tar.length - at < BLOCK_BYTES) return null;
  const header = tar.subarray(at, at + BLOCK_BYTES);
  const nameEnd = header.indexOf(0);
  const size = octal(header, 124, /^[0-7]{11}[\0 ]/);
  const isPlain =
    header[156] === REGULAR_FILE &&
    header.toString('latin1', 257, 263) === 'ustar\0' &&
    header[345] === 0 &&
    nameEnd > 0 &&
    nameEnd <= NAME_BYTES &&
    header[nameEnd - 1] !== 0x2f &&
    size <= KEPT_BYTES_MAX &&
    octal(header, 148, /^[0-7]{6,7}[\0 ]/) === checksumOf(header);
  if (!isPlain) return null;
  const start = at + BLOCK_BYTES;
  const name = header.toString('utf8', 0, nameEnd);
  return { name, start, end: start + size, nextAt: start + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES };
}

/** Not a number where it is written in another form. */
function octal(header: Buffer, at: number, form: RegExp): number {
  const text = header.toString('latin1', at, at + 12);
  return form.test(text) ? Number.parseInt(text, 8) : Number.NaN;
}

/** Summed up as if it were blanks itself. */
function checksumOf(header: Buffer): number {
  let sum = 8 * BLANK;
  for (let at = 0; at < 148; at += 1) sum += header[at] ?? 0;
  for (let at = 156; at < BLOCK_BYTES; at += 1) sum += header[at] ?? 0;
  return sum;
}
