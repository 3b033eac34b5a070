import { describe, expect, it } from 'vitest';
import { createCheck } from '../src/check.ts';
import { BUYER, bytesOf, fa3, RULES } from './template.ts';

const check = createCheck();
const plain = fa3();

describe('several faults', () => {
  it('are all told, with the facts that can be read', () => {
    const xml = `\uFEFF${fa3({ seller: BUYER, issueDate: '2027-01-01' })}`
      .replace('UTF-8', 'iso-8859-2')
      .replace('<Fa>', '<?a?><Fa>')
      .replace('szt.', '\u007F')
      .replace('<P_12>23', '<P_12>19')
      .replace('123.00', 'dużo');
    const { facts, faults } = check(bytesOf(xml), RULES);
    expect(faults.map(({ code, line }) => [code, line])).toEqual([
      ['BYTE_ORDER_MARK', 1],
      ['DECLARED_ENCODING', 1],
      ['DISCOURAGED_CHARACTER', 62],
      ['PROCESSING_INSTRUCTION', 33],
      ['VALUE_INVALID', 41],
      ['VALUE_INVALID', 66],
      ['SELLER_MISMATCH', 11],
      ['ISSUE_DATE_TOO_FAR', 35],
    ]);
    expect(facts).toMatchObject({ issuerNip: BUYER, number: 'FV/1/10/2026', grossAmount: 'dużo' });
  });

  it('against the schema are listed up to fifty, and the rest counted', () => {
    const xml = fa3({ lines: 70 }).replaceAll('<P_8B>20', '<P_8B>many');
    const { faults } = check(bytesOf(xml), RULES);
    expect(faults).toHaveLength(51);
    expect(faults.at(-1)).toMatchObject({
      code: 'MORE_SCHEMA_FAULTS',
      message: expect.stringContaining('20 more'),
    });
  });

  it('name each required element that is not there', () => {
    const xml = plain.replace(/\s*<P_15>.*<\/P_15>/, '').replace(/\s*<P_2>.*<\/P_2>/, '');
    const { facts, faults } = check(bytesOf(xml), RULES);
    expect(facts).toBeNull();
    expect(faults.filter(({ code }) => code === 'ELEMENT_MISSING')).toMatchObject([
      { line: 33, message: 'The element Fa has no P_2, or it stands in another place.' },
      { line: 33, message: 'The element Fa has no P_15, or it stands in another place.' },
    ]);
  });
});
