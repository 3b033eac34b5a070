import { isUtf8 } from 'node:buffer';
import { fault } from '../faults.ts';
import { type Source, sourceOf } from '../source.ts';
import type { Fault } from '../types.ts';

/** KSeF documentation, "Weryfikacja faktury": decimal megabytes. */
export const INVOICE_BYTES_MAX = 1_000_000;
export const INVOICE_WITH_ATTACHMENT_BYTES_MAX = 3_000_000;

const SIZE_RULE = 'KSeF: size of an invoice';
const ENCODING_RULE = 'KSeF: UTF-8 without BOM';
const BOM = [0xef, 0xbb, 0xbf];

/** The file as text, or the fault that makes any further look at it pointless. */
export type ReadSource =
  | { readonly source: Source; readonly hasBom: boolean; readonly stop: null }
  | { readonly stop: Fault };

export function readSource(bytes: Uint8Array): ReadSource {
  if (bytes.length === 0) return { stop: fault('EMPTY_FILE', { rule: SIZE_RULE }) };
  if (bytes.length > INVOICE_WITH_ATTACHMENT_BYTES_MAX) {
    return { stop: tooLarge(bytes.length) };
  }
  if (looksLikeUtf16(bytes)) {
    return { stop: fault('NOT_UTF8', { found: 'It is UTF-16.', line: 1, rule: ENCODING_RULE }) };
  }
  if (!isUtf8(bytes)) return { stop: notUtf8(bytes) };
  const hasBom = BOM.every((byte, index) => bytes[index] === byte);
  const skipped = hasBom ? BOM.length : 0;
  const given = Buffer.from(bytes.buffer, bytes.byteOffset + skipped, bytes.byteLength - skipped);
  return { source: sourceOf(given), hasBom, stop: null };
}

export function bomFault(): Fault {
  return fault('BYTE_ORDER_MARK', { line: 1, rule: ENCODING_RULE });
}

/** Beyond 1,000,000 bytes an invoice needs an attachment; which one has is known after parsing only. */
export function sizeFaults(sizeBytes: number, hasAttachment: boolean): Fault[] {
  return sizeBytes > INVOICE_BYTES_MAX && !hasAttachment ? [tooLarge(sizeBytes)] : [];
}

function tooLarge(sizeBytes: number): Fault {
  const size = sizeBytes.toLocaleString('en-US');
  return fault('FILE_TOO_LARGE', { found: `The file has ${size} bytes.`, rule: SIZE_RULE });
}

/** By its BOM, or by the zero that UTF-16 has beside the first `<`. */
function looksLikeUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  const hasUtf16Bom = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return hasUtf16Bom || first === 0 || second === 0;
}

function notUtf8(bytes: Uint8Array): Fault {
  const line = firstBadLine(bytes);
  const found = 'It holds a byte that is no UTF-8, often a Polish letter saved as windows-1250.';
  return fault('NOT_UTF8', { found, line, rule: ENCODING_RULE });
}

/** No UTF-8 sequence spans a line feed, so each line can be judged alone. */
function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    if (!isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
    line++;
  }
  return line;
}
