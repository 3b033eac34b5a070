import { describe, expect, it } from 'vitest';
import { createCheck } from '../src/check.ts';
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

describe('what is allowed stays allowed', () => {
  it.each([
    ['a plain FA (3) invoice', plain, RULES],
    ['FA (2) on TEST', fa2(), RULES],
    [
      'right check digits in production',
      fa3({ parties: thirdParty(`<IDWew>${SELLER}-12345</IDWew>`) }),
      PRODUCTION,
    ],
    ['wrong check digits outside production', plain.replace(BUYER, '1132191234'), RULES],
    ['1,000,000 bytes', padded(plain, 1_000_000), RULES],
    ['3,000,000 bytes with an attachment', padded(fa3({ afterFa: attachment(900_000) }), 3_000_000), RULES],
    ['no declaration', plain.replace(/^.*\n/, ''), RULES],
    ['a declaration without encoding', plain.replace(' encoding="UTF-8"', ''), RULES],
    ['utf-8 in small letters and single quotes', plain.replace('"UTF-8"', "'utf-8'"), RULES],
    ['standalone', plain.replace('?>', ' standalone="yes"?>'), RULES],
    ['a prefix for the namespace', prefixed(plain), RULES],
    ['carriage returns', plain.replaceAll('\n', '\r\n'), RULES],
    ['an issue date 31 days ahead', fa3({ issueDate: '2026-11-15' }), RULES],
    ['another seller on behalf', fa3({ seller: BUYER }), { ...RULES, onBehalf: true }],
    ['markup inside comments', plain.replace('<Fa>', '<!-- <!DOCTYPE a> <?pi?> &#x7F; &b; --><Fa>'), RULES],
    ['markup inside CDATA', plain.replace('Żuk', '<![CDATA[<?pi?> &#x7F; <b>]]>'), RULES],
    ['U+0085 and U+00A0', plain.replace('Żuk', '\u0085\u00A0&#x85;'), RULES],
    ['letters beyond the first plane', plain.replace('Żuk', '\u{1F355}\u{2FFFD}'), RULES],
    ['a schema hint', hinted('http://crd.gov.pl/wzor/2025/06/25/13775/ http://example.org/fa.xsd'), RULES],
  ] as const)('%s', (_, xml, rules) => {
    const { facts, faults } = check(bytesOf(xml), rules);
    expect(faults).toEqual([]);
    expect(facts?.number).toBe('FV/1/10/2026');
  });
});

describe('discouraged characters', () => {
  const planes = Array.from({ length: 16 }, (_, index) => ((index + 1) << 16) + 0xfffe);
  const edges = [0x7f, 0x84, 0x86, 0x9f, 0xfdd0, 0xfdef, ...planes, ...planes.map((code) => code + 1)];

  it.each(edges.map((code) => [code.toString(16), code] as const))('U+%s', (hexadecimal, code) => {
    for (const written of [String.fromCodePoint(code), `&#x${hexadecimal};`, `&#${code};`]) {
      const { facts, faults } = check(bytesOf(plain.replace('Żuk', written)), RULES);
      expect(faults).toMatchObject([{ code: 'DISCOURAGED_CHARACTER', line: 23 }]);
      expect(faults[0]?.message).toContain(`U+${hexadecimal.toUpperCase().padStart(4, '0')}`);
      expect(facts).not.toBeNull();
    }
  });

  it('are also found in comments, and told at most ten times', () => {
    const { faults } = check(bytesOf(`${plain}<!--${'\u0081'.repeat(500)}-->`), RULES);
    expect(faults).toHaveLength(10);
  });
});

function prefixed(xml: string): string {
  return xml.replace('xmlns=', 'xmlns:fa=').replace(/<(\/?)(?=[A-Z])/g, '<$1fa:');
}

function hinted(locations: string): string {
  const hint = `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${locations}"`;
  return plain.replace('<Faktura ', `<Faktura ${hint} `);
}
