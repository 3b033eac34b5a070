/**
 * The entries of a UPO as KSeF writes them stand in a row, nothing in them but eight fields of plain text. All of a row
 * but its first are cut out: what is left is the same document less some elements that are whole in themselves, so it is
 * a UPO if and only if the given one is, and an XML parser has a page of 10,000 entries read in no time.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Of an entry, in the schema's order. */
export const FIELDS = [
  'NipSprzedawcy',
  'NumerKSeFDokumentu',
  'NumerFaktury',
  'DataWystawieniaFaktury',
  'DataPrzeslaniaDokumentu',
  'DataNadaniaNumeruKSeF',
  'SkrotDokumentu',
  'TrybWysylki',
] as const;

export interface UpoRuns {
  /** The document with the first entry of each row alone. */
  readonly rest: string;
  /** For each entry in the rest, in order, those that were cut out behind it: their fields' values. */
  readonly behind: readonly (readonly string[][])[];
}

const BEGIN = '<Dokument>';
const END = '</Dokument>';
/** No markup, no references, none but whole characters that need no care: what has any is left to the parser. */
const PLAIN = '([^<>&\\x00-\\x1f\\ud800-\\udfff\\ufffe\\uffff]{0,1000})';
const SPACE = '[ \\t\\r\\n]*';
const PLAIN_ENTRY = new RegExp(
  [SPACE, BEGIN, ...FIELDS.map((field) => `${SPACE}<${field}>${PLAIN}</${field}>`), SPACE, END].join(''),
  'y',
);

/** Entries read between two turns of the event loop: about 1 ms. */
const SLICE_ENTRIES = 200;

/** Null where there is no row to cut, or where not every tag need be one: there are comments or CDATA. */
export async function cutRuns(xml: string): Promise<UpoRuns | null> {
  const kept: string[] = [];
  const behind: string[][][] = [];
  let at = 0;
  for (let begin = xml.indexOf(BEGIN); begin !== -1; begin = xml.indexOf(BEGIN, at)) {
    const end = xml.indexOf(END, begin);
    if (end === -1) return null;
    const run = await runFrom(xml, end + END.length);
    kept.push(xml.slice(at, end + END.length));
    behind.push(run.entries);
    at = run.end;
  }
  const rest = kept.join('') + xml.slice(at);
  return rest.length === xml.length || rest.includes('<!') ? null : { rest, behind };
}

async function runFrom(xml: string, start: number): Promise<{ entries: string[][]; end: number }> {
  const entries: string[][] = [];
  let end = start;
  for (;;) {
    PLAIN_ENTRY.lastIndex = end;
    const [, ...values] = PLAIN_ENTRY.exec(xml) ?? [];
    if (values.length === 0) return { entries, end };
    end = PLAIN_ENTRY.lastIndex;
    entries.push(values);
    if (entries.length % SLICE_ENTRIES === 0) await nextTurn();
  }
}
