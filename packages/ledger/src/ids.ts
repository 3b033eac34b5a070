/** UUID version 7 with a 26-bit counter (RFC 9562, 6.2 method 1): ids made in one call sort as they were made. */

export type RandomBytes = (size: number) => Buffer;

const COUNTER_START_BITS = 25;
const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID_PATTERN.test(text);
}

/** `count` ids (at most 33 million) of one moment, in order. */
export function newIds(now: Date, count: number, randomBytes: RandomBytes): string[] {
  const random = randomBytes(4 + 6 * count);
  const first = random.readUInt32BE(0) >>> (32 - COUNTER_START_BITS);
  return Array.from({ length: count }, (_, index) =>
    uuid(now.getTime(), first + index, random.subarray(4 + 6 * index, 10 + 6 * index)),
  );
}

export function newId(now: Date, randomBytes: RandomBytes): string {
  const [id = ''] = newIds(now, 1, randomBytes);
  return id;
}

function uuid(ms: number, counter: number, tail: Buffer): string {
  const time = ms.toString(16).padStart(12, '0');
  const high = (counter >>> 14).toString(16).padStart(3, '0');
  const low = (0x8000 | (counter & 0x3fff)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${high}-${low}-${tail.toString('hex')}`;
}
