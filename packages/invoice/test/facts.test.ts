import { describe, expect, it } from 'vitest';
import { createCheck } from '../src/check.ts';
import { attachment, BUYER, bytesOf, fa2, fa3, RULES, SELLER } from './template.ts';

const check = createCheck();
const plain = fa3();

describe('facts', () => {
  it('say what the invoice says', () => {
    const xml = fa3({ number: ' FV 7\n\t/2026 ', lines: 3, afterFa: attachment() });
    expect(check(bytesOf(xml), RULES).facts).toEqual({
      form: 'FA (3)',
      issuerNip: SELLER,
      kind: 'VAT',
      number: 'FV 7 /2026',
      issueDate: '2026-10-01',
      hasAttachment: true,
      buyerName: 'Sklep Narożny Żuk i synowie',
      buyerNip: BUYER,
      currency: 'PLN',
      grossAmount: '369.00',
    });
  });

  it('know a buyer without NIP', () => {
    const xml = plain.replace(`<NIP>${BUYER}</NIP>`, '<KodUE>DE</KodUE><NrVatUE>123456789</NrVatUE>');
    expect(check(bytesOf(xml), RULES)).toMatchObject({ facts: { buyerNip: null }, faults: [] });
  });

  it('of the form before are the same', () => {
    expect(check(bytesOf(fa2()), RULES).facts).toMatchObject({ form: 'FA (2)', issuerNip: SELLER });
  });
});
