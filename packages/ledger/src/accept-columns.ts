/** What each invoice of a call says of itself, as columns: the same in `invoices` and where it is staged. */
import { DAY_BEGINS_MARGIN_MS, type IntakeInvoice, startOfWarsawDay } from '@wsad/domain';
import { arrayText, storable } from './db.ts';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly of: (invoice: IntakeInvoice) => string | number | boolean | null;
}

const COLUMNS: readonly Column[] = [
  { name: 'issuer_nip', type: 'text', of: ({ facts }) => facts.issuerNip },
  { name: 'form', type: 'text', of: ({ facts }) => facts.form },
  { name: 'kind', type: 'text', of: ({ facts }) => facts.kind },
  { name: 'number', type: 'text', of: ({ facts }) => storable(facts.number) },
  { name: 'issue_date', type: 'date', of: ({ facts }) => facts.issueDate },
  { name: 'sha256', type: 'text', of: ({ sha256 }) => sha256 },
  { name: 'size_bytes', type: 'int', of: ({ sizeBytes }) => sizeBytes },
  { name: 'has_attachment', type: 'bool', of: ({ facts }) => facts.hasAttachment },
  { name: 'buyer_name', type: 'text', of: ({ facts }) => storable(facts.buyerName) },
  { name: 'buyer_nip', type: 'text', of: ({ facts }) => storable(facts.buyerNip) },
  { name: 'currency', type: 'text', of: ({ facts }) => storable(facts.currency) },
  { name: 'gross_amount', type: 'text', of: ({ facts }) => storable(facts.grossAmount) },
  { name: 'external_id', type: 'text', of: ({ externalId }) => storable(externalId) },
  { name: 'file_name', type: 'text', of: ({ fileName }) => storable(fileName) },
];

/** Their names, in the order of `columnsOf`. */
export const COLUMN_NAMES = [...COLUMNS.map(({ name }) => name), 'not_before'].join(', ');

/** Their types as arrays in parameters, the first of which is `$first`. */
export function columnParameters(first: number): string {
  const types = [...COLUMNS.map(({ type }) => type), 'timestamptz'];
  return types.map((type, index) => `$${first + index}::${type}[]`).join(', ');
}

/** An array for each column, to be unnested. */
export function columnsOf(invoices: readonly IntakeInvoice[]): string[] {
  const beginOf = issueDayBegins();
  return [
    ...COLUMNS.map(({ of }) => arrayText(invoices.map(of))),
    arrayText(invoices.map(({ facts }) => beginOf(facts.issueDate))),
  ];
}

/** Payloads as one binary value with the place of each in it, from 1: as an array they would travel as text. */
export function joinedPayloads(invoices: readonly IntakeInvoice[]): {
  bytes: Buffer;
  offsets: string;
  sizes: string;
} {
  const sizes = invoices.map(({ deflated }) => deflated.byteLength);
  let next = 1;
  const offsets = sizes.map((size) => {
    const offset = next;
    next += size;
    return offset;
  });
  return {
    bytes: Buffer.concat(invoices.map(({ deflated }) => deflated)),
    offsets: arrayText(offsets),
    sizes: arrayText(sizes),
  };
}

/** The invoices of a call are of few days, and finding out when a day begins in Warsaw is slow. */
function issueDayBegins(): (day: string) => string {
  const known = new Map<string, string>();
  return (day) => {
    const begins =
      known.get(day) ?? new Date(startOfWarsawDay(day).getTime() + DAY_BEGINS_MARGIN_MS).toISOString();
    known.set(day, begins);
    return begins;
  };
}
