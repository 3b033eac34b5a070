import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { XmlDocument } from 'libxml2-wasm';
import { expect, it } from 'vitest';
import { readUpoEntries } from '../src/index.ts';
import { UPO_NAMESPACE, upoDocument, upoXml } from './support/upo-document.ts';

seeded();

const DOCUMENTS = [1, 2, 3, 4].map((index) =>
  upoDocument(index, index === 3 ? { invoiceNumber: 'FA & <1>' } : {}),
);
const PIECES = [
  '<',
  '>',
  '/',
  '&',
  ';',
  '"',
  "'",
  '=',
  ' ',
  'u:',
  '&amp;',
  '&#65;',
  ']]>',
  '<!--',
  '-->',
  '<x/>',
  '<Dokument>',
  '</Dokument>',
  '\u0000',
  'é',
  '',
];

/** The same values as libxml2 reads them; null where it finds the document malformed. */
function asLibxml2Reads(xml: string): string[][] | null {
  let document: XmlDocument;
  try {
    document = XmlDocument.fromString(xml);
  } catch {
    return null;
  }
  const fields = ['NumerKSeFDokumentu', 'NumerFaktury', 'SkrotDokumentu', 'TrybWysylki'];
  try {
    return document
      .find('/u:Potwierdzenie/u:Dokument', { u: UPO_NAMESPACE })
      .map((entry) =>
        fields.map((field) => textOf(entry.get(`u:${field}`, { u: UPO_NAMESPACE })?.content ?? '')),
      );
  } finally {
    document.dispose();
  }
}

function textOf(content: string): string {
  return content.replace(/[ \t\r\n]+/g, ' ').trim();
}

it.each([
  ['prefixed', 'u'],
  ['plain', ''],
])(
  'what is accepted of a damaged %s UPO is well-formed and read as libxml2 reads it',
  async (_name, prefix) => {
    const good = upoXml(DOCUMENTS, prefix);
    let accepted = 0;
    const edit = fc.record({
      at: fc.nat(good.length),
      removed: fc.nat(4),
      piece: fc.constantFrom(...PIECES),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 2 }), async (edits) => {
        const xml = edits.reduce(
          (text, { at, removed, piece }) => text.slice(0, at) + piece + text.slice(at + removed),
          good,
        );
        const entries = await readUpoEntries(xml).catch(() => null);
        if (entries === null) return;
        accepted += 1;
        const values = entries.map((entry) => [
          entry.ksefNumber,
          entry.invoiceNumber,
          entry.sha256,
          entry.invoicingMode,
        ]);
        expect(values).toEqual(asLibxml2Reads(xml));
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(50);
  },
);
