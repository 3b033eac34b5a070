import { Problem } from '@wsad/domain';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x7b, 0x5b]);
const CLOSING = new Set([0x7d, 0x5d]);
const WHITESPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);
/** An invoice is an object of texts; parsing something nested without end would hold up the event loop. */
const DEPTH_MAX = 16;
const AFTER_SCALAR = new Set([...WHITESPACE, ...CLOSING, 0x2c]);

/**
 * A JSON text read value by value from a stream, so that a body of any length costs the memory of its largest value
 * and never holds up the event loop. It finds where values end; JSON.parse judges them.
 */
export class JsonText {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #valueBytesMax: number;
  #chunk: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(chunks: AsyncIterable<Uint8Array>, valueBytesMax: number) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#valueBytesMax = valueBytesMax;
  }

  /** The next character that is no white space, left in place; null at the end. */
  async peek(): Promise<string | null> {
    while (await this.#more()) {
      const byte = this.#chunk[this.#at] ?? 0;
      if (!WHITESPACE.has(byte)) return String.fromCharCode(byte);
      this.#at += 1;
    }
    return null;
  }

  /** Takes the next character that is no white space where it is this one. */
  async takes(character: string): Promise<boolean> {
    if ((await this.peek()) !== character) return false;
    this.#at += 1;
    return true;
  }

  async expect(character: string): Promise<void> {
    const found = await this.peek();
    if (found !== character)
      throw malformed(`expected "${character}" but found ${found === null ? 'the end' : `"${found}"`}`);
    this.#at += 1;
  }

  async value(): Promise<unknown> {
    return parsedJson(await this.valueBytes());
  }

  /** The next value, unread. */
  async valueBytes(): Promise<Uint8Array> {
    if ((await this.peek()) === null) throw malformed('it ends where a value is due');
    const pieces: Uint8Array[] = [];
    const scan = new ValueScan();
    let sizeBytes = 0;
    while (!scan.ended && (await this.#more())) {
      const end = scan.through(this.#chunk, this.#at);
      pieces.push(this.#chunk.subarray(this.#at, end));
      sizeBytes += end - this.#at;
      this.#at = end;
      if (sizeBytes > this.#valueBytesMax)
        throw new Problem('TOO_LARGE', `One JSON value is longer than ${this.#valueBytesMax} bytes.`);
    }
    const [whole] = pieces;
    return whole !== undefined && pieces.length === 1 ? whole : Buffer.concat(pieces);
  }

  /** Lets go of the stream. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #more(): Promise<boolean> {
    while (this.#at >= this.#chunk.byteLength) {
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      this.#chunk = next.value;
      this.#at = 0;
    }
    return true;
  }
}

/** Finds the end of one value across chunks. */
class ValueScan {
  ended = false;
  #started = false;
  #scalar = false;
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** Goes on from `from` and answers the index after the last byte that belongs to the value. */
  through(chunk: Uint8Array, from: number): number {
    let at = from;
    while (at < chunk.byteLength && !this.ended) {
      const byte = chunk[at] ?? 0;
      if (this.#inString) at = this.#throughString(chunk, at);
      else if (this.#scalar && AFTER_SCALAR.has(byte)) this.ended = true;
      else {
        this.#step(byte);
        at += 1;
      }
    }
    return at;
  }

  /** Nearly all of a call is inside of strings, and few of their bytes are quotes. */
  #throughString(chunk: Uint8Array, from: number): number {
    const begin = this.#escaped ? from + 1 : from;
    this.#escaped = false;
    let quote = chunk.indexOf(QUOTE, begin);
    while (quote !== -1 && isEscaped(chunk, begin, quote)) quote = chunk.indexOf(QUOTE, quote + 1);
    if (quote === -1) {
      this.#escaped = isEscaped(chunk, begin, chunk.byteLength);
      return chunk.byteLength;
    }
    this.#inString = false;
    this.ended = this.#depth === 0;
    return quote + 1;
  }

  #deeper(): void {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw malformed(`it is nested more than ${DEPTH_MAX} levels deep`);
  }

  #step(byte: number): void {
    if (byte === QUOTE) this.#inString = true;
    else if (OPENING.has(byte)) this.#deeper();
    else if (CLOSING.has(byte)) {
      this.#depth -= 1;
      this.ended = this.#depth <= 0;
    } else if (!this.#started) this.#scalar = true;
    this.#started = true;
  }
}

/** By an odd number of backslashes right before it. */
function isEscaped(chunk: Uint8Array, begin: number, at: number): boolean {
  let first = at;
  while (first > begin && chunk[first - 1] === BACKSLASH) first -= 1;
  return (at - first) % 2 === 1;
}

/** The text itself is never part of the message: it may hold a secret or somebody's data. */
export function parsedJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const [, position] = /at position (\d+)/.exec(String(error)) ?? [];
    throw malformed(
      position === undefined ? 'it is not valid JSON in UTF-8' : `not valid at position ${position}`,
    );
  }
}

export function malformed(why: string): Problem {
  return new Problem('MALFORMED_BODY', `The JSON cannot be read: ${why}.`);
}
