/** Samples of files that are no XML that KSeF takes: one for each rule on bytes and markup, with the one fault it has. */
import type { CheckRules, FaultCode } from '../src/index.ts';
import { attachment, fa3, padded } from './template.ts';

export interface Refusal {
  readonly name: string;
  readonly file: string | Uint8Array;
  readonly code: FaultCode;
  readonly line: number | null;
  readonly says: RegExp;
  readonly rules?: CheckRules;
}

const plain = fa3();

export const refusalsOfFiles: readonly Refusal[] = [
  { name: 'nothing in it', file: '', code: 'EMPTY_FILE', line: null, says: /empty/ },
  {
    name: '1,000,001 bytes',
    file: padded(plain, 1_000_001),
    code: 'FILE_TOO_LARGE',
    line: null,
    says: /1,000,001/,
  },
  {
    name: '3,000,001 bytes with an attachment',
    file: padded(fa3({ afterFa: attachment() }), 3_000_001),
    code: 'FILE_TOO_LARGE',
    line: null,
    says: /3,000,001/,
  },
  {
    name: 'UTF-16 with BOM',
    file: Buffer.from(`\uFEFF${plain}`, 'utf16le'),
    code: 'NOT_UTF8',
    line: 1,
    says: /UTF-16/,
  },
  {
    name: 'UTF-16 without BOM',
    file: Buffer.from(plain, 'utf16le'),
    code: 'NOT_UTF8',
    line: 1,
    says: /UTF-16/,
  },
  {
    name: 'a byte of windows-1250',
    file: windows1250(plain),
    code: 'NOT_UTF8',
    line: 12,
    says: /windows-1250/,
  },
  { name: 'a BOM', file: `\uFEFF${plain}`, code: 'BYTE_ORDER_MARK', line: 1, says: /without BOM/ },
  {
    name: 'windows-1250 declared',
    file: plain.replace('UTF-8', 'windows-1250'),
    code: 'DECLARED_ENCODING',
    line: 1,
    says: /windows-1250/,
  },
  {
    name: 'UTF-16 declared in UTF-8',
    file: plain.replace('UTF-8', 'UTF-16'),
    code: 'DECLARED_ENCODING',
    line: 1,
    says: /UTF-16/,
  },
  { name: 'XML 1.1', file: plain.replace('"1.0"', '"1.1"'), code: 'XML_VERSION', line: 1, says: /1\.1/ },
  {
    name: 'no end',
    file: plain.slice(0, plain.indexOf('</Fa>')),
    code: 'NOT_WELL_FORMED',
    line: 77,
    says: /cut off/,
  },
  {
    name: 'elements crossed',
    file: plain.replace('</FaWiersz>', ''),
    code: 'NOT_WELL_FORMED',
    line: 77,
    says: /<FaWiersz> of line 59 meets <\/Fa>/,
  },
  {
    name: 'a bare &',
    file: plain.replace('Żuk i', 'Żuk & '),
    code: 'NOT_WELL_FORMED',
    line: 23,
    says: /&amp;/,
  },
  {
    name: 'an HTML entity',
    file: plain.replace('Żuk i', 'Żuk&nbsp;i'),
    code: 'NOT_WELL_FORMED',
    line: 23,
    says: /"&nbsp;" is not known/,
  },
  {
    name: 'a control character',
    file: plain.replace('Żuk', '\u0001'),
    code: 'NOT_WELL_FORMED',
    line: 23,
    says: /XML forbids/,
  },
  {
    name: 'a control character written as reference',
    file: plain.replace('Żuk', '&#1;'),
    code: 'NOT_WELL_FORMED',
    line: 23,
    says: /XML forbids/,
  },
  {
    name: 'U+FFFE',
    file: plain.replace('Żuk', '\uFFFE'),
    code: 'NOT_WELL_FORMED',
    line: 23,
    says: /XML forbids/,
  },
  {
    name: 'a space before the declaration',
    file: ` ${plain}`,
    code: 'NOT_WELL_FORMED',
    line: 1,
    says: /not even a space/,
  },
  { name: 'JSON', file: '{"invoice":1}', code: 'NOT_WELL_FORMED', line: 1, says: /not XML/ },
  {
    name: 'a processing instruction before the root',
    file: plain.replace('<Faktura', '<?xml-stylesheet href="a"?>\n<Faktura'),
    code: 'PROCESSING_INSTRUCTION',
    line: 2,
    says: /<\?xml-stylesheet/,
  },
  {
    name: 'a processing instruction inside',
    file: plain.replace('<Fa>', '<?php x?><Fa>'),
    code: 'PROCESSING_INSTRUCTION',
    line: 33,
    says: /<\?php/,
  },
  {
    name: 'a processing instruction after the root',
    file: `${plain}<?a?>`,
    code: 'PROCESSING_INSTRUCTION',
    line: 79,
    says: /<\?a /,
  },
];

/** `Ł` as the single byte it is in windows-1250. */
function windows1250(xml: string): Uint8Array {
  return Buffer.from(xml.replace('Łąka', '\u00A3aka').replace(/[\u0100-\uFFFF]/g, 'x'), 'latin1');
}
