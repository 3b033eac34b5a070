import { describe, expect, it } from 'vitest';
import { makeRrInvoice, type SampleRrInvoice } from '../src/index.ts';
import { rrSchemaFaults } from './schema.ts';

const sample: SampleRrInvoice = {
  nip: '5265877635',
  number: 'RR/1/2026',
  issueDate: '2026-11-20',
  seed: 1,
};
const seeds = Array.from({ length: 200 }, (_, index) => index);

function texts(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => text);
}

function hundredths(xml: string, name: string): number {
  return texts(xml, name).reduce((total, text) => total + Math.round(Number(text) * 100), 0);
}

describe.each(['VAT_RR', 'KOR_VAT_RR'] as const)('an FA_RR invoice of kind %s', (kind) => {
  it('is valid against the schema and adds up for 200 seeds', () => {
    for (const seed of seeds) {
      const xml = makeRrInvoice({ ...sample, kind, seed });
      expect(rrSchemaFaults(xml), `seed ${seed}`).toEqual([]);
      expect(hundredths(xml, 'P_8')).toBe(hundredths(xml, 'P_11_1'));
      expect(hundredths(xml, 'P_10')).toBe(hundredths(xml, 'P_11_2'));
      expect(hundredths(xml, 'P_11')).toBe(hundredths(xml, 'P_12_1'));
    }
  });

  it('says what it was asked to say', () => {
    const xml = makeRrInvoice({ ...sample, kind, farmerNip: '1132191233', lines: 3 });
    expect(texts(xml, 'RodzajFaktury')).toEqual([kind]);
    expect(texts(xml, 'P_4B')).toEqual(['2026-11-20']);
    expect(texts(xml, 'P_4C')).toEqual(['RR/1/2026']);
    expect(texts(xml, 'NIP')).toEqual(['1132191233', '5265877635']);
    expect(texts(xml, 'NrWierszaFa')).toHaveLength(3);
  });
});

it('makes the same bytes from the same input, and others from another seed', () => {
  expect(makeRrInvoice(sample)).toBe(makeRrInvoice({ ...sample }));
  expect(new Set(seeds.map((seed) => makeRrInvoice({ ...sample, seed }))).size).toBe(seeds.length);
});
