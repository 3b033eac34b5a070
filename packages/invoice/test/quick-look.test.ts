/** A good invoice is looked at in quicker ways than one with a fault: none of them may see anything else. */
import { makeInvoice, makeRrInvoice } from '@wsad/samples';
import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { XmlDocument } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { createCheck } from '../src/check.ts';
import { createFieldReader } from '../src/facts.ts';
import type { Form } from '../src/index.ts';
import { parse } from '../src/parse.ts';
import { plainFields } from '../src/plain-fields.ts';
import { readSource } from '../src/rules/bytes.ts';
import { compileSchemas } from '../src/schema/compile.ts';
import { schemaFaults } from '../src/schema/faults.ts';
import { stricter } from '../src/schema/stricter.ts';
import { withUsualFirst } from '../src/schema/usual-first.ts';
import type { Source } from '../src/source.ts';
import { bytesOf, fa2, fa3, RULES, SELLER } from './template.ts';

seeded();
const reader = createFieldReader();
const official = compileSchemas();
const edited = compileSchemas(withUsualFirst);
const quick = compileSchemas((schema) => stricter(withUsualFirst(schema)));
const check = createCheck();
const made = { nip: SELLER, number: 'FV/1', issueDate: '2026-10-01' };

interface Written {
  readonly form: Form;
  readonly xml: string;
}

const invoices = fc.oneof(
  fc
    .record({ seed: fc.nat(), kind: fc.constantFrom('VAT', 'KOR', 'ZAL', 'ROZ', 'UPR') })
    .map((sample): Written => ({ form: 'FA (3)', xml: makeInvoice({ ...made, ...sample }) })),
  fc.nat().map((seed): Written => ({ form: 'FA_RR (1)', xml: makeRrInvoice({ ...made, seed }) })),
  fc.constantFrom<Written>({ form: 'FA (3)', xml: fa3() }, { form: 'FA (2)', xml: fa2() }),
);

/** Ways to write the same or nearly the same, at some tag or text of the file. */
const ODDITIES: readonly ((piece: string) => string)[] = [
  (piece) => piece.replace(/^<(\w+)>/, '<$1 >'),
  (piece) => piece.replace(/^<(\w+)>/, '<$1 xmlns:f="http://crd.gov.pl/wzor/2025/06/25/13775/">'),
  (piece) => piece.replace(/^<\/(\w+)>/, '</$1\n>'),
  (piece) => `<!-- <NIP>1111111111</NIP> <P_2> -->${piece}`,
  (piece) => `  <!-- c -->${piece}`,
  (piece) => `${piece}<![CDATA[<P_1>2020-01-01</P_1>]]>`,
  (piece) => `<?pi <P_2>x</P_2>?>${piece}`,
  (piece) => piece.replace('>', '>\t \n'),
  (piece) => piece.replace('>', '>&#32;&amp;'),
  (piece) => piece.replace('>', '> a  b '),
  (piece) => `&#32;${piece}`,
  (piece) => `x${piece}`,
  (piece) => piece.replace('>', ' xml:space="preserve">'),
  (piece) => piece.replace(/^<(\w+)>/, '<$1/>'),
  () => '',
  (piece) => `${piece}${piece}`,
  (piece) => piece.replace('<', '<NIP>1</NIP><'),
  (piece) => piece.replace(/^<(\/?)(\w+)/, '<$1f:$2'),
];

const odd = fc
  .tuple(invoices, fc.array(fc.tuple(fc.nat(), fc.nat(ODDITIES.length - 1)), { maxLength: 3 }), fc.boolean())
  .map(([{ form, xml }, edits, isPrefixed]) => {
    const pieces = xml.split(/(?=<)/);
    for (const [at, which] of edits) {
      const index = at % pieces.length;
      pieces[index] = ODDITIES[which]?.(pieces[index] ?? '') ?? '';
    }
    const text = pieces.join('');
    return { form, bytes: bytesOf(isPrefixed ? prefixed(text) : text) };
  });

/** All elements with a prefix, and so without one plain tag. */
function prefixed(xml: string): string {
  return xml.replace(/<(\/?)(\w)/g, '<$1f:$2').replace('xmlns=', 'xmlns:f=');
}

function sourceOf(bytes: Uint8Array): Source {
  const read = readSource(bytes);
  if (read.stop !== null) throw new Error(read.stop.message);
  return read.source;
}

/** What `look` sees in the file; null where it is not well-formed. */
function seen<Seen>(source: Source, withIndentation: boolean, look: (document: XmlDocument) => Seen) {
  const document = parse(source.bytes, withIndentation);
  if (!(document instanceof XmlDocument)) return null;
  try {
    return look(document);
  } finally {
    document.dispose();
  }
}

function faultsOf(source: Source, form: Form, withIndentation: boolean, schemas = official) {
  const schema = schemas.get(form);
  if (schema === undefined) throw new Error(`no schema of ${form}`);
  return seen(source, withIndentation, (document) => schemaFaults(document, schema, form));
}

describe('fields of a file that follows its schema', () => {
  it('are the same by bytes as by XPath, or XPath is asked', () => {
    let [byBytes, byXPath] = [0, 0];
    fc.assert(
      fc.property(odd, ({ form, bytes }) => {
        const source = sourceOf(bytes);
        if (faultsOf(source, form, true)?.length !== 0) return;
        const plain = plainFields(source, form);
        if (plain === null) byXPath += 1;
        else byBytes += 1;
        if (plain !== null)
          expect(plain).toEqual(seen(source, true, (document) => reader.texts(document, form)));
      }),
      { numRuns: 1_000 },
    );
    expect(byBytes).toBeGreaterThan(100);
    expect(byXPath).toBeGreaterThan(100);
  });
});

describe('a plain file without its indentation', () => {
  it('has a fault where it has one with it', () => {
    const judged = { good: 0, faulty: 0 };
    fc.assert(
      fc.property(odd, ({ form, bytes }) => {
        const source = sourceOf(bytes);
        if (!source.isPlain) return;
        const faults = faultsOf(source, form, true);
        expect(faultsOf(source, form, false)?.length === 0).toBe(faults?.length === 0);
        judged[faults?.length === 0 ? 'good' : 'faulty'] += 1;
      }),
      { numRuns: 1_000 },
    );
    expect(judged.good).toBeGreaterThan(100);
    expect(judged.faulty).toBeGreaterThan(100);
  });
});

describe('a schema with the usual values first', () => {
  it('is the same but for the order inside of a list of values', () => {
    const schema = `<a><xsd:enumeration value="AF">\n<b/>\n</xsd:enumeration>\n<xsd:enumeration value="PL"/> </a>
      <a><xsd:enumeration value="1"/></a> <a><xsd:enumeration value="EUR">E</xsd:enumeration></a>`;
    expect(withUsualFirst(schema)).toBe(
      schema.replace(
        /(<xsd:enumeration value="AF">[\s\S]*?<\/xsd:enumeration>\n)(<xsd:enumeration value="PL"\/> )/,
        '$2$1',
      ),
    );
  });

  it('finds the same faults', () => {
    const country = fc.oneof(fc.constantFrom('PL', 'DE', 'AF', 'ZW', 'XK'), fc.string({ maxLength: 3 }));
    const currency = fc.oneof(fc.constantFrom('PLN', 'EUR', 'AED', 'ZWL'), fc.string({ maxLength: 4 }));
    fc.assert(
      fc.property(country, currency, (inCountry, inCurrency) => {
        const xml = fa3()
          .replaceAll('<KodKraju>PL', () => `<KodKraju>${escaped(inCountry)}`)
          .replace('<KodWaluty>PLN', () => `<KodWaluty>${escaped(inCurrency)}`);
        const source = sourceOf(bytesOf(xml));
        expect(faultsOf(source, 'FA (3)', true, edited)).toEqual(faultsOf(source, 'FA (3)', true));
      }),
    );
  });
});

describe('the schema of the first look', () => {
  const text = fc.oneof(
    fc.stringMatching(/^[ \n]?[-+]?[0-9]{0,19}([.,][0-9]{0,9})?[ \t]?$/),
    fc.stringMatching(/^0{0,3}[0-9]{1,2}$/),
    fc.constantFrom('', '-', '.5', '5.', '1e3', 'INF', 'NaN', '٣', '1 2', '-0', '0.0', '00', '1.00000000'),
    fc.string({ maxLength: 5 }),
  );

  it('takes no value that the official one refuses', () => {
    const verdicts = { both: 0, second: 0, neither: 0 };
    fc.assert(
      fc.property(invoices, fc.nat(), text, ({ form, xml }, which, value) => {
        // Any value of digits: amounts, choices, numbers and what else the form has of them.
        const numbers = [...xml.matchAll(/>-?[0-9][0-9.]*</g)];
        const { index = 0, 0: found = '' } = numbers[which % numbers.length] ?? {};
        const changed = `${xml.slice(0, index)}>${escaped(value)}<${xml.slice(index + found.length)}`;
        const source = sourceOf(bytesOf(changed));
        const isTaken = faultsOf(source, form, false)?.length === 0;
        const isTakenAtOnce = faultsOf(source, form, false, quick)?.length === 0;
        expect(isTakenAtOnce && !isTaken).toBe(false);
        verdicts[isTakenAtOnce ? 'both' : isTaken ? 'second' : 'neither'] += 1;
      }),
      { numRuns: 3_000 },
    );
    for (const count of Object.values(verdicts)) expect(count).toBeGreaterThan(50);
  });

  it('takes usual invoices of each form', () => {
    fc.assert(
      fc.property(invoices, ({ form, xml }) => {
        expect(faultsOf(sourceOf(bytesOf(xml)), form, false, quick)).toEqual([]);
      }),
    );
  });

  it('lets no other type take the place of one that it leaves alone', () => {
    // Whoever writes xsi:type may name any type that is derived from the declared one, and here numbers are derived from texts.
    expect(officialText()).not.toMatch(/<xsd:element [^>]*type="xsd:(string|normalizedString|token|any)/);
  });

  it('finds in the official ones what it writes anew', () => {
    const all = stricter(officialText());
    expect(all).not.toMatch(/<xsd:pattern value="-\?\(\[1-9\]/);
    expect(all).not.toMatch(/base="xsd:(byte|integer)">\s*<xsd:enumeration/);
    expect(all).not.toMatch(/<xsd:minExclusive value="0"/);
  });
});

function officialText(): string {
  const schemas: string[] = [];
  compileSchemas((schema) => {
    schemas.push(schema);
    return schema;
  });
  return schemas.join('');
}

describe('a value that only the official schema takes', () => {
  it('is taken, by the second look', () => {
    const xml = fa3().replace(/<P_15>[^<]*/, '<P_15>1234567890123.45');
    expect(check(bytesOf(xml), RULES).faults).toEqual([]);
    const doubled = fa3().replace('<P_16>2', '<P_16>02');
    expect(check(bytesOf(doubled), RULES).faults).toEqual([]);
  });
});

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
