import { describe, expect, it } from 'vitest';
import {
  type InvoiceKind,
  invoiceKinds,
  makeInvoice,
  makeKsefNumber,
  makeNip,
  type SampleInvoice,
  seededRandom,
} from '../src/index.ts';
import { schemaFaults } from './schema.ts';

const sample: SampleInvoice = { nip: '5265877635', number: 'FV/1/2026', issueDate: '2026-11-20', seed: 1 };
const seeds = Array.from({ length: 200 }, (_, index) => index);

/** The text of every element of this name. */
function texts(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => text);
}

function hundredths(xml: string, name: string): number[] {
  return texts(xml, name).map((text) => Math.round(Number(text) * 100));
}

function sum(amounts: number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

describe.each(invoiceKinds)('an invoice of kind %s', (kind: InvoiceKind) => {
  it('is valid against the schema for 200 seeds, with and without an attachment', () => {
    for (const seed of seeds) {
      const xml = makeInvoice({ ...sample, kind, seed, attachment: seed % 4 === 0 });
      expect(schemaFaults(xml), `seed ${seed}`).toEqual([]);
      expect(xml.includes('<Zalacznik>')).toBe(seed % 4 === 0);
    }
  });

  it('says what it was asked to say', () => {
    const xml = makeInvoice({ ...sample, kind });
    expect(texts(xml, 'RodzajFaktury')).toEqual([kind]);
    expect(texts(xml, 'P_1')).toEqual(['2026-11-20']);
    expect(texts(xml, 'P_2')).toEqual(['FV/1/2026']);
    expect(texts(xml, 'NIP')[0]).toBe('5265877635');
  });
});

it('makes the same bytes from the same input, and others from another seed', () => {
  expect(makeInvoice(sample)).toBe(makeInvoice({ ...sample }));
  expect(new Set(seeds.map((seed) => makeInvoice({ ...sample, seed }))).size).toBe(seeds.length);
});

it('gives one seller one name and address on all its invoices', () => {
  const sellers = seeds.map(
    (seed) => makeInvoice({ ...sample, seed }).match(/<Podmiot1>.*<\/Podmiot1>/s)?.[0],
  );
  expect(new Set(sellers).size).toBe(1);
});

it('varies as real invoices do: 1 to 30 lines, about 2 to 12 kB, several rates, two currencies', () => {
  const invoices = seeds.map((seed) => makeInvoice({ ...sample, seed }));
  const lines = invoices.map((xml) => texts(xml, 'NrWierszaFa').length);
  expect([Math.min(...lines), Math.max(...lines)]).toEqual([1, 30]);
  const bytes = invoices.map((xml) => Buffer.byteLength(xml)).sort((a, b) => a - b);
  expect(bytes[0]).toBeGreaterThan(1_800);
  expect(bytes.at(-1)).toBeLessThan(13_000);
  expect(new Set(invoices.flatMap((xml) => texts(xml, 'P_12')))).toEqual(
    new Set(['23', '8', '5', '0 KR', 'zw']),
  );
  expect(new Set(invoices.flatMap((xml) => texts(xml, 'KodWaluty')))).toEqual(new Set(['PLN', 'EUR']));
});

it('adds up: lines to net sums, net and tax to the gross', () => {
  for (const seed of seeds) {
    const xml = makeInvoice({ ...sample, seed });
    const net = sum(
      ['P_13_1', 'P_13_2', 'P_13_3', 'P_13_6_1', 'P_13_7'].flatMap((name) => hundredths(xml, name)),
    );
    const tax = sum(['P_14_1', 'P_14_2', 'P_14_3'].flatMap((name) => hundredths(xml, name)));
    expect(sum(hundredths(xml, 'P_11')), `seed ${seed}`).toBe(net);
    expect(hundredths(xml, 'P_15')).toEqual([net + tax]);
  }
});

it('takes the number of lines it is given', () => {
  expect(texts(makeInvoice({ ...sample, lines: 17 }), 'NrWierszaFa')).toHaveLength(17);
});

it('escapes what is put into it', () => {
  const xml = makeInvoice({ ...sample, number: 'A<&">Ż' });
  expect(xml).toContain('<P_2>A&lt;&amp;"&gt;Ż</P_2>');
  expect(schemaFaults(xml)).toEqual([]);
});

it('makes NIPs with a right check digit and KSeF numbers with a right checksum', () => {
  const random = seededRandom(7);
  const weights = [6, 5, 7, 2, 3, 4, 5, 6, 7];
  for (const _ of seeds) {
    const nip = makeNip(random);
    expect(nip).toMatch(/^[1-9]((\d[1-9])|([1-9]\d))\d{7}$/);
    expect(sum(weights.map((weight, place) => weight * Number(nip[place]))) % 11).toBe(Number(nip[9]));
    expect(makeKsefNumber(random, nip, '2026-11-20')).toMatch(/^\d{10}-20261120-[0-9A-F]{12}-[0-9A-F]{2}$/);
  }
});
