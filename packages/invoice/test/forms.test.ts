import { makeInvoice, makeNip, makeRrInvoice, seededRandom } from '@wsad/samples';
import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { XmlDocument } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { createCheck } from '../src/check.ts';
import { createFieldReader } from '../src/facts.ts';
import { bytesOf, fa3, PRODUCTION, RULES } from './template.ts';

seeded();
const check = createCheck();
const rules = { ...RULES, today: '2026-11-20', forms: ['FA (3)', 'FA_RR (1)'] as const };
const OPTIONAL: readonly string[] = ['buyerNip', 'buyerName', 'attachment'];
const number = fc
  .stringMatching(/^[A-Z0-9][A-Z0-9/ -]{0,20}[A-Z0-9]$/)
  .map((text) => text.replace(/ +/g, ' '));

function nipOf(seed: number): string {
  return makeNip(seededRandom(seed));
}

function rr(sample: Partial<Parameters<typeof makeRrInvoice>[0]> = {}): string {
  return makeRrInvoice({ nip: RULES.sellerNip, number: 'RR/1', issueDate: '2026-11-20', seed: 1, ...sample });
}

describe('facts by form', () => {
  it('are read where each form has them, whatever else it holds', () => {
    fc.assert(
      fc.property(fc.nat(), number, fc.constantFrom('VAT', 'KOR', 'ZAL', 'ROZ'), (seed, given, kind) => {
        const nip = nipOf(seed);
        const xml = makeInvoice({ nip, number: given, issueDate: '2026-11-19', kind, seed });
        const { facts, faults } = check(bytesOf(xml), { ...rules, sellerNip: nip });
        expect(faults).toEqual([]);
        const grossAmount = /<P_15>([^<]*)</.exec(xml)?.[1];
        const read = { form: 'FA (3)', issuerNip: nip, kind, number: given, issueDate: '2026-11-19' };
        expect(facts).toMatchObject({ ...read, grossAmount });
      }),
      { numRuns: 100 },
    );
  });

  it('are the same without their lines, with any of them absent, empty, or spread over lines', () => {
    const reader = createFieldReader();
    const change = fc.record({
      element: fc.constantFrom('NIP', 'Nazwa', 'KodWaluty', 'P_1', 'P_2', 'P_15', 'RodzajFaktury', 'Fa'),
      to: fc.constantFrom('', '<X></X>', '<NIP/>', ' \n a  b<!-- c -->d<![CDATA[ e ]]>\t'),
    });
    fc.assert(
      fc.property(fc.nat(), fc.array(change, { maxLength: 3 }), (seed, changes) => {
        const whole = makeInvoice({ nip: nipOf(seed), number: 'A', issueDate: '2026-11-19', seed });
        const xml = changes.reduce(
          (text, { element, to }) => text.replace(new RegExp(`<${element}>[^]*?</${element}>`), to),
          whole,
        );
        const document = XmlDocument.fromString(xml);
        const told = [...reader.fields(document, 'FA (3)')];
        const filled = told.filter(([place, { text }]) => text !== '' || OPTIONAL.includes(place));
        const texts = [...reader.texts(document, 'FA (3)')];
        document.dispose();
        expect(Object.fromEntries(texts)).toEqual(
          Object.fromEntries(filled.map(([place, { text }]) => [place, { text, line: null }])),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('of FA_RR name the farmer as the seller and the buyer as the one who sends', () => {
    fc.assert(
      fc.property(fc.nat(), number, fc.constantFrom('VAT_RR', 'KOR_VAT_RR'), (seed, given, kind) => {
        const [nip, farmerNip] = [nipOf(seed), nipOf(seed + 1)];
        const xml = makeRrInvoice({ nip, farmerNip, number: given, issueDate: '2026-11-19', kind, seed });
        const { facts, faults } = check(bytesOf(xml), { ...rules, sellerNip: nip });
        expect(faults).toEqual([]);
        expect(facts).toEqual({
          form: 'FA_RR (1)',
          issuerNip: farmerNip,
          buyerNip: nip,
          buyerName: expect.any(String),
          kind,
          number: given,
          issueDate: '2026-11-19',
          currency: 'PLN',
          grossAmount: /<P_12_1>([^<]*)</.exec(xml)?.[1],
          hasAttachment: false,
        });
      }),
      { numRuns: 100 },
    );
  });
});

describe('an FA_RR invoice', () => {
  it('is refused where it was handed in for the farmer, unless on behalf', () => {
    const bytes = bytesOf(rr({ farmerNip: '1132191233' }));
    const forFarmer = { ...rules, sellerNip: '1132191233' };
    expect(check(bytes, forFarmer).faults).toMatchObject([
      { code: 'SELLER_MISMATCH', message: expect.stringContaining('The buyer (Podmiot2), who issues it') },
    ]);
    expect(check(bytes, { ...forFarmer, onBehalf: true }).faults).toEqual([]);
  });

  it('is judged by its own date, number and words', () => {
    expect(check(bytesOf(rr({ issueDate: '2026-12-31' })), rules).faults).toMatchObject([
      { code: 'ISSUE_DATE_TOO_FAR', message: expect.stringContaining('(P_4B)') },
    ]);
    const unnumbered = bytesOf(rr().replace(/<P_4C>[^<]*<\/P_4C>/, ''));
    expect(check(unnumbered, rules).faults).toContainEqual(
      expect.objectContaining({
        code: 'ELEMENT_MISSING',
        message: 'The element FakturaRR has no P_4C, or it stands in another place.',
      }),
    );
    const unpriced = bytesOf(rr().replace(/<P_7>[^<]*</, '<P_7>dużo<'));
    expect(check(unpriced, rules).faults).toMatchObject([
      { code: 'VALUE_INVALID', message: expect.stringContaining('P_7 (unit price without the refund)') },
    ]);
  });

  it('has its check digits verified in production', () => {
    const forms = ['FA (3)', 'FA_RR (1)'] as const;
    const bytes = bytesOf(rr({ farmerNip: '1132191234' }));
    expect(check(bytes, { ...PRODUCTION, forms, today: '2026-11-20' }).faults).toMatchObject([
      { code: 'NIP_CHECKSUM' },
    ]);
  });

  it('is refused where the environment does not take its form', () => {
    expect(check(bytesOf(rr()), { ...rules, forms: ['FA (3)'] }).faults).toMatchObject([
      { code: 'FORM_NOT_ALLOWED' },
    ]);
  });
});

it.each([
  ['PEF', 'Invoice'],
  ['PEF_KOR', 'CreditNote'],
])('tells %s for what it is and refuses it with that reason', (_, root) => {
  const xml = `<${root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:${root}-2"><ID>1</ID></${root}>`;
  expect(check(bytesOf(xml), rules).faults).toMatchObject([
    {
      code: 'FORM_PEPPOL',
      message: expect.stringContaining(`The root element is ${root} of UBL. PEF and PEF_KOR`),
    },
  ]);
});

it('still tells a root that is no invoice at all', () => {
  expect(check(bytesOf(fa3().replace(/Faktura/g, 'Rachunek')), rules).faults).toMatchObject([
    { code: 'FORM_UNKNOWN' },
  ]);
});
