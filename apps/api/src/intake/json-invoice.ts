/**
 * One invoice of a JSON call as JSON.parse sees it. UTF-8 read as Latin-1 is a text of bytes: it is half as long as the
 * text itself, and what is found in it is written down as it came.
 */
import { isUtf8 } from 'node:buffer';
import { parsedJson } from './json-text.ts';

/** What is not ASCII may be written so: then a text of bytes would hold characters that are none. */
const UNICODE_ESCAPE = Buffer.from('\\u');

export interface ParsedInvoice {
  readonly value: unknown;
  /** Which bytes the `xml` in it stands for. */
  readonly encoding: 'latin1' | 'utf8';
}

/** @throws as parsedJson does */
export function parsedInvoice(bytes: Uint8Array): ParsedInvoice {
  const value = ofBytes(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return value === null ? { value: parsedJson(bytes), encoding: 'utf8' } : { value, encoding: 'latin1' };
}

/** Null where it is no object, and where something is wrong with it: parsedJson says what. */
function ofBytes(bytes: Buffer): object | null {
  if (!isUtf8(bytes) || bytes.includes(UNICODE_ESCAPE)) return null;
  const value = jsonOrNull(bytes.toString('latin1'));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  // What else is said of an invoice is short, and read as the text it is.
  const members = Object.entries(value).map(([name, said]) => [name, name === 'xml' ? said : asUtf8(said)]);
  return Object.fromEntries(members);
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function asUtf8(value: unknown): unknown {
  return typeof value === 'string' ? Buffer.from(value, 'latin1').toString('utf8') : value;
}
