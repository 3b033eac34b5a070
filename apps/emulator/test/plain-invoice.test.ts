/** What is read of an invoice without parsing it is what parsing it says, and files with faults are left to that. */
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { readContent, readParsed } from '../src/processing/content.ts';
import { readInvoiceFile } from '../src/processing/file-rules.ts';
import { formFor, usualForm } from '../src/processing/forms.ts';
import { readPlainInvoice } from '../src/processing/plain-invoice.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';

const rrForm = formFor({ systemCode: 'FA_RR (1)', schemaVersion: '1-1E', value: 'FA_RR' }, 'TEST');
const nip = freshNip();
const note = 'Zażółć &amp; gęślą  &lt;jaźń&gt;';

const usual = invoiceXml({ nip, number: ' FV &quot;17&quot;\n', buyerNip: freshNip(), note }).toString();
const invoices = [
  usual,
  invoiceXml({ nip, number: '1', attachment: true }).toString(),
  usual.replace(/>\s+</g, '><'),
  usual.replaceAll('\n', '\r\n'),
  usual.replace(/<\?xml.*\?>/, ''),
  usual.replace('xmlns=', 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns='),
];

function parsed(xml: string | Buffer, form = usualForm) {
  return readParsed(readInvoiceFile(Buffer.from(xml)), form, null);
}

test.each(invoices.map((xml, place) => [place, xml] as const))('plain invoice %i is read', (_place, xml) => {
  const facts = readPlainInvoice(Buffer.from(xml), usualForm);
  expect(facts).not.toBeNull();
  expect({ readable: true, facts, schemaFaults: [] }).toEqual(parsed(xml));
});

/** Whatever is put, taken or repeated somewhere; each of these means something somewhere. */
const pieces = [
  ...[
    '<',
    '>',
    '&',
    '"',
    "'",
    '/',
    ' ',
    '\n',
    '\u0000',
    '\u0007',
    '\u007f',
    '\u0085',
    '\u00a0',
    '\ufeff',
    '\ufffe',
    '😀',
  ],
  ...[
    '&amp;',
    '&lt;',
    '&#65;',
    '&nbsp;',
    ']]>',
    '<!-- x -->',
    '<![CDATA[x]]>',
    '<?x y?>',
    '<!DOCTYPE x>',
    '<a/>',
    '<a b="c"/>',
  ],
  ...[
    '<NIP>1</NIP>',
    '<NIP></NIP>',
    '<NIP><x>2</x></NIP>',
    '<P_2>n</P_2>',
    '<P_2><b>n</b></P_2>',
    '<P_1>2026</P_1>',
  ],
  ...['<DaneIdentyfikacyjne>', '</DaneIdentyfikacyjne>', '<DaneIdentyfikacyjne>x</DaneIdentyfikacyjne>'],
  ...['<DaneIdentyfikacyjne><NIP>3</NIP></DaneIdentyfikacyjne>', '<RodzajFaktury><x>a</x></RodzajFaktury>'],
  ...[
    '<Podmiot1>',
    '</Podmiot1>',
    '<Podmiot2>',
    '</Podmiot2>',
    '<Fa>',
    '</Fa>',
    '</Faktura>',
    '<Zalacznik>x</Zalacznik>',
    '<Zalacznik/>',
  ],
  ...[
    '<Podmiot1><DaneIdentyfikacyjne><NIP>4</NIP></DaneIdentyfikacyjne></Podmiot1>',
    '<Fa><P_2>z</P_2></Fa>',
    '<x:y>1</x:y>',
  ],
  ...[
    ' xmlns=""',
    ' xmlns="http://a.b"',
    ' xmlns:a="http://a.b"',
    ' x="1"',
    'encoding="UTF-16"',
    'version="1.1"',
    ' standalone="yes"',
  ],
];

type Edit = { at: number; length: number; piece: string | null };

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof(fc.constant(0), fc.nat(12), fc.nat(300)),
  piece: fc.oneof(fc.constantFrom(...pieces), fc.constant(null)),
});

/** Takes out a stretch that begins at a tag or elsewhere, and puts in a piece or, for null, the stretch twice. */
function edited(xml: string, { at, length, piece }: Edit, atTags: boolean): string {
  const somewhere = Math.floor(at * xml.length);
  const nextTag = (from: number): number => (atTags ? Math.max(xml.indexOf('<', from), 0) : from);
  const start = nextTag(somewhere);
  const end = length === 0 ? start : Math.max(start, nextTag(start + length));
  const taken = xml.slice(start, end);
  return `${xml.slice(0, start)}${piece ?? taken + taken}${xml.slice(end)}`;
}

/** What is replaced, and by what: each too rare to come up by itself. */
const changes: [string | RegExp, string][] = [
  ...['NIP', 'P_1', 'P_2', 'RodzajFaktury'].flatMap((name): [RegExp, string][] => {
    const element = new RegExp(`<${name}>(.*?)</${name}>`, 'gs');
    return [
      [element, `<${name}><x>$1</x></${name}>`],
      [element, `<${name}>\n<x>$1</x><y>1</y></${name}>`],
      [element, `<${name}>$1<x>1</x></${name}>`],
      [element, `<x><${name}>$1</${name}></x>`],
    ];
  }),
  [/(<Podmiot2>.*?)<NIP>(.*?)<\/NIP>/s, '$1<NIP><x>$2</x></NIP>'],
  [/(<Podmiot2>.*?)<NIP>(.*?)<\/NIP>/s, '$1<NIP><x><NIP>$2</NIP></x></NIP>'],
  [/(<Podmiot2>.*?)<NIP>(.*?)<\/NIP>/s, '$1<x><NIP>$2</NIP></x>'],
  ...['http://www.w3.org/XML/1998/namespace', 'http://www.w3.org/2000/xmlns/'].flatMap(
    (address): [string | RegExp, string][] => [
      [/ xmlns="[^"]*"/, ` xmlns="${address}"`],
      [' xmlns=', ` xmlns:b="${address}" xmlns=`],
      [' xmlns=', ` xmlns:b="${address}x" xmlns=`],
    ],
  ),
];

test.each(changes)('with %s replaced by %s it is told what parsing tells', (from, to) => {
  for (const xml of invoices) {
    const bytes = Buffer.from(xml.replace(from, to));
    expect(readContent(bytes, usualForm, null)).toEqual(parsed(bytes));
  }
});

test('rows before one that holds what is wanted are gone through a few times, not once for each', () => {
  const rows = '<a><b>1</b></a>'.repeat(6_000);
  const xml = usual.replace('<Podmiot2>', `<Podmiot2>${rows}`);
  const { test: original } = RegExp.prototype;
  let passed = 0;
  const counting = vi.spyOn(RegExp.prototype, 'test').mockImplementation(function (this: RegExp, text) {
    const from = this.lastIndex;
    const isFound = original.call(this, text);
    passed += Math.max(0, this.lastIndex - from);
    return isFound;
  });
  const facts = readPlainInvoice(Buffer.from(xml), usualForm);
  counting.mockRestore();

  expect(facts).not.toBeNull();
  expect(parsed(xml)).toMatchObject({ facts });
  expect(passed).toBeLessThan(4 * xml.length);
});

test('whatever is changed in an invoice, it is told what parsing tells', () => {
  let plain = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...invoices),
      fc.array(edit, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      (xml, edits, atTags) => {
        const bytes = Buffer.from(edits.reduce((text, one) => edited(text, one, atTags), xml));
        if (readPlainInvoice(bytes, usualForm) !== null) plain += 1;
        expect(readContent(bytes, usualForm, null)).toEqual(parsed(bytes));
      },
    ),
    { numRuns: 3000 },
  );
  expect(plain).toBeGreaterThan(100);
});

test('bytes that are no UTF-8 are left to the rules of files', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...invoices),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (xml, at, change) => {
        const bytes = Buffer.from(xml);
        const place = at % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(place) ^ change, place);
        expect(readContent(bytes, usualForm, null)).toEqual(parsed(bytes));
      },
    ),
    { numRuns: 2000 },
  );
});

test('an invoice of a farmer is one of its buyer', () => {
  expect(rrForm).not.toBeNull();
  const xml = `<Faktura><Podmiot1><DaneIdentyfikacyjne><NIP>1</NIP></DaneIdentyfikacyjne></Podmiot1><Podmiot2><DaneIdentyfikacyjne><NIP>2</NIP></DaneIdentyfikacyjne></Podmiot2><FakturaRR><P_4B>2026-03-01</P_4B><P_4C>n</P_4C><RodzajFaktury>VAT</RodzajFaktury></FakturaRR></Faktura>`;
  const facts = readPlainInvoice(Buffer.from(xml), rrForm ?? usualForm);
  expect(facts).toMatchObject({ nip: '1', issuerNip: '2', number: 'n' });
  expect(parsed(xml, rrForm ?? usualForm)).toMatchObject({ facts });
});
