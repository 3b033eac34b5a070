import { describe, expect, it } from 'vitest';
import { createCheck } from '../src/check.ts';
import { type CheckRules, type FaultCode, INVOICE_FAULTS } from '../src/index.ts';
import {
  attachment,
  BUYER,
  bytesOf,
  fa2,
  fa3,
  PRODUCTION,
  padded,
  RULES,
  SELLER,
  thirdParty,
} from './template.ts';

const check = createCheck();
const plain = fa3();

interface Case {
  readonly name: string;
  readonly file: string | Uint8Array;
  readonly code: FaultCode;
  readonly line: number | null;
  readonly says: RegExp;
  readonly rules?: CheckRules;
}

/** One file per rule, with the one fault it has. */
const refusals: readonly Case[] = [
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
  { name: 'no form', file: '\n<Order/>', code: 'FORM_UNKNOWN', line: 2, says: /Order without a namespace/ },
  {
    name: 'a form of another namespace',
    file: plain.replace('13775', '99999'),
    code: 'FORM_UNKNOWN',
    line: 2,
    says: /99999/,
  },
  {
    name: 'an invoice of Peppol',
    file: '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>',
    code: 'FORM_PEPPOL',
    line: 1,
    says: /Invoice of UBL\. PEF and PEF_KOR belong to Peppol/,
  },
  {
    name: 'FA (2) outside TEST',
    file: fa2(),
    code: 'FORM_NOT_ALLOWED',
    line: null,
    says: /FA \(2\); KSeF DEMO takes FA \(3\)/,
    rules: { ...RULES, environment: 'DEMO', forms: ['FA (3)'] },
  },
  {
    name: 'an element misspelt',
    file: plain.replace('<AdresL2>60-001', '<Adres2>60-001').replace('Poznań</AdresL2>', 'Poznań</Adres2>'),
    code: 'ELEMENT_UNEXPECTED',
    line: 17,
    says: /Adres2: .*expected one of AdresL2, GLN/,
  },
  {
    name: 'an element missing inside',
    file: plain.replace('<P_19N>1</P_19N>', ''),
    code: 'ELEMENT_MISSING',
    line: 47,
    says: /Zwolnienie: inside it is missing/,
  },
  {
    name: 'too many decimals',
    file: plain.replace('123.00', '123.005'),
    code: 'VALUE_INVALID',
    line: 41,
    says: /P_15 \(total to be paid\): "123.005" has more than 2 decimals/,
  },
  {
    name: 'a decimal comma',
    file: plain.replace('123.00', '123,00'),
    code: 'VALUE_INVALID',
    line: 41,
    says: /decimal point/,
  },
  {
    name: 'a number too long',
    file: fa3({ number: 'x'.repeat(257) }),
    code: 'VALUE_INVALID',
    line: 37,
    says: /longer than the 256 characters/,
  },
  {
    name: 'a value longer than any sentence',
    file: plain.replace('123.00', '1'.repeat(500_000)),
    code: 'VALUE_INVALID',
    line: 41,
    says: /much too long/,
  },
  {
    name: 'an empty name',
    file: plain.replace('Piekarnia Łąka spółka z o.o.', ''),
    code: 'VALUE_INVALID',
    line: 12,
    says: /is empty/,
  },
  {
    name: 'a day that does not exist',
    file: fa3({ issueDate: '2026-09-31' }),
    code: 'VALUE_INVALID',
    line: 35,
    says: /P_1 \(issue date\): "2026-09-31" is not a day that exists/,
  },
  {
    name: 'a country of three letters',
    file: plain.replace('<KodKraju>PL', '<KodKraju>POL'),
    code: 'VALUE_INVALID',
    line: 15,
    says: /two-letter country code/,
  },
  {
    name: 'a choice that is none',
    file: plain.replace('<P_16>2', '<P_16>3'),
    code: 'VALUE_INVALID',
    line: 43,
    says: /allowed: 1, 2/,
  },
  {
    name: 'an attribute with a wrong value',
    file: plain.replace('kodSystemowy="FA (3)"', 'kodSystemowy="FA (2)"'),
    code: 'ATTRIBUTE_INVALID',
    line: 4,
    says: /"FA \(2\)" must be "FA \(3\)"/,
  },
  {
    name: 'an attribute missing',
    file: plain.replace(' wersjaSchemy="1-0E"', ''),
    code: 'ATTRIBUTE_INVALID',
    line: 4,
    says: /attribute wersjaSchemy is missing/,
  },
  {
    name: 'text between elements',
    file: plain.replace('<Fa>', '<Fa>Faktura'),
    code: 'CONTENT_INVALID',
    line: 33,
    says: /text stands where only elements may/,
  },
  {
    name: 'an issue date 32 days ahead',
    file: fa3({ issueDate: '2026-11-16' }),
    code: 'ISSUE_DATE_TOO_FAR',
    line: 35,
    says: /up to 2026-11-15/,
  },
  {
    name: 'a seller with dashes',
    file: fa3({ seller: '526-000-12-46' }),
    code: 'SELLER_NIP_MALFORMED',
    line: 11,
    says: /526-000-12-46/,
  },
  {
    name: "a NIP against KSeF's pattern",
    file: fa3({ seller: '5000001246' }),
    code: 'SELLER_NIP_MALFORMED',
    line: 11,
    says: /5000001246/,
  },
  {
    name: 'another seller',
    file: fa3({ seller: BUYER }),
    code: 'SELLER_MISMATCH',
    line: 11,
    says: new RegExp(`is ${BUYER}.* for ${SELLER}`),
  },
  {
    name: 'a seller with a wrong check digit in production',
    file: fa3({ seller: '5260001247' }),
    code: 'NIP_CHECKSUM',
    line: 11,
    says: /Podmiot1 has NIP 5260001247/,
    rules: { ...PRODUCTION, sellerNip: '5260001247' },
  },
  {
    name: 'a buyer with a wrong check digit in production',
    file: plain.replace(BUYER, '1132191234'),
    code: 'NIP_CHECKSUM',
    line: 22,
    says: /Podmiot2/,
    rules: PRODUCTION,
  },
  {
    name: 'an internal identifier with a wrong check digit in production',
    file: fa3({ parties: thirdParty('<IDWew>5260001247-12345</IDWew>') }),
    code: 'NIP_CHECKSUM',
    line: 33,
    says: /Podmiot3 has IDWew/,
    rules: PRODUCTION,
  },
];

describe('every rule refuses its own sample, and names it', () => {
  it.each(refusals)('$name: $code', ({ file, code, line, says, rules = RULES }) => {
    const { faults } = check(typeof file === 'string' ? bytesOf(file) : file, rules);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ code, line, message: expect.stringMatching(says) });
    expect(faults[0]?.rule).toMatch(/^(KSeF|wsad|XML 1\.0|FA \([23]\) schema): /);
  });

  it('leaves no code without a sample', () => {
    const elsewhere = ['DOCTYPE', 'DISCOURAGED_CHARACTER', 'MORE_SCHEMA_FAULTS', 'CHECK_FAILED'];
    const covered = new Set([...refusals.map(({ code }) => code), ...elsewhere]);
    expect([...covered].sort()).toEqual(Object.keys(INVOICE_FAULTS).sort());
  });
});

/** `Ł` as the single byte it is in windows-1250. */
function windows1250(xml: string): Uint8Array {
  return Buffer.from(xml.replace('Łąka', '\u00A3aka').replace(/[\u0100-\uFFFF]/g, 'x'), 'latin1');
}
