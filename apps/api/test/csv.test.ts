import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine } from '../src/csv.ts';

seeded();

describe('CSV', () => {
  it('reads back as written, save for the apostrophe that disarms a formula', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', '=', '-', 'ł', "'") });
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
        const expected = cells.map((text) => (/^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text));
        expect(parse(csvLine(cells))).toEqual(expected);
      }),
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])('disarms %j', (text) => {
    expect(csvLine([text])).toMatch(/^"?'/);
  });

  it('writes nothing for null and ISO 8601 for a time', () => {
    expect(csvLine([null, 7, new Date(0)])).toBe(',7,1970-01-01T00:00:00.000Z\r\n');
  });
});

/** One line of RFC 4180. */
function parse(line: string): string[] {
  const cells = [...`,${line.slice(0, -2)}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^",]*))/g)];
  return cells.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}
