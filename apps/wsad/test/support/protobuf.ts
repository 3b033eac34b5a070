/** Protocol Buffers on the wire: a message as its numbered fields, whatever they mean. */
export interface Field {
  readonly number: number;
  /** Of varints, and of fixed ones as far as they are whole numbers. */
  readonly whole: bigint;
  /** Of everything that has a length, fixed ones included. */
  readonly bytes: Buffer;
}

const [VARINT, FIXED64, LENGTH, FIXED32] = [0, 1, 2, 5];
const NOTHING = Buffer.alloc(0);

export function fieldsOf(message: Buffer = NOTHING): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < message.length; ) {
    const [tag, afterTag] = varint(message, at);
    const number = Number(tag >> 3n);
    const type = Number(tag & 7n);
    if (type === VARINT) {
      const [whole, next] = varint(message, afterTag);
      fields.push({ number, whole, bytes: NOTHING });
      at = next;
      continue;
    }
    const [length, from] = type === LENGTH ? varint(message, afterTag) : [BigInt(widthOf(type)), afterTag];
    const bytes = message.subarray(from, from + Number(length));
    fields.push({ number, whole: type === FIXED64 ? bytes.readBigUInt64LE() : 0n, bytes });
    at = from + Number(length);
  }
  return fields;
}

export function textOf(fields: readonly Field[], wanted: number): string {
  return fields.find(({ number }) => number === wanted)?.bytes.toString() ?? '';
}

export function numberOf(fields: readonly Field[], wanted: number): number {
  return Number(wholeOf(fields, wanted));
}

export function wholeOf(fields: readonly Field[], wanted: number): bigint {
  return fields.find(({ number }) => number === wanted)?.whole ?? 0n;
}

function widthOf(type: number): number {
  if (type === FIXED64) return 8;
  if (type === FIXED32) return 4;
  throw new Error(`no wire type of today: ${type}`);
}

function varint(message: Buffer, from: number): [bigint, number] {
  let value = 0n;
  for (let at = from, shift = 0n; ; at += 1, shift += 7n) {
    const byte = message[at];
    if (byte === undefined) throw new Error('the message ends within a number');
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return [value, at + 1];
  }
}
