import type { Form } from './types.ts';

/** What is read of an invoice, whatever its form calls it. */
export const PLACES = [
  'issuerNip',
  'buyerNip',
  'buyerName',
  'currency',
  'issueDate',
  'number',
  'grossAmount',
  'kind',
  'attachment',
] as const;
export type Place = (typeof PLACES)[number];

/** What tells one invoice form from another, where its schema lies and where its fields are. Adding a form is one row. */
export interface FormRow {
  readonly form: Form;
  /** Namespace of the root element. */
  readonly namespace: string;
  /** Inside the folder of official schemas. */
  readonly schemaFile: string;
  /** Who issues it, and so is the context it is sent in: the seller, or with FA_RR the buyer for the farmer. */
  readonly sender: 'issuerNip' | 'buyerNip';
  /** Paths relative to the root. */
  readonly places: Readonly<Record<Place, string>>;
}

const PARTIES = {
  issuerNip: 'Podmiot1/DaneIdentyfikacyjne/NIP',
  buyerNip: 'Podmiot2/DaneIdentyfikacyjne/NIP',
  buyerName: 'Podmiot2/DaneIdentyfikacyjne/Nazwa',
  attachment: 'Zalacznik',
} as const;

const FA = {
  sender: 'issuerNip',
  places: {
    ...PARTIES,
    currency: 'Fa/KodWaluty',
    issueDate: 'Fa/P_1',
    number: 'Fa/P_2',
    grossAmount: 'Fa/P_15',
    kind: 'Fa/RodzajFaktury',
  },
} as const;

export const FORM_ROWS: readonly FormRow[] = [
  {
    ...FA,
    form: 'FA (3)',
    namespace: 'http://crd.gov.pl/wzor/2025/06/25/13775/',
    schemaFile: 'FA/schemat_FA(3)_v1-0E.xsd',
  },
  {
    ...FA,
    form: 'FA (2)',
    namespace: 'http://crd.gov.pl/wzor/2023/06/29/12648/',
    schemaFile: 'FA/schemat_FA(2)_v1-0E.xsd',
  },
  {
    form: 'FA_RR (1)',
    namespace: 'http://crd.gov.pl/wzor/2026/03/06/14189/',
    schemaFile: 'RR/schemat_FA_RR(1)_v1-1E.xsd',
    sender: 'buyerNip',
    places: {
      ...PARTIES,
      currency: 'FakturaRR/KodWaluty',
      issueDate: 'FakturaRR/P_4B',
      number: 'FakturaRR/P_4C',
      grossAmount: 'FakturaRR/P_12_1',
      kind: 'FakturaRR/RodzajFaktury',
    },
  },
];

export function formRowOf(namespace: string): FormRow | undefined {
  return FORM_ROWS.find((row) => row.namespace === namespace);
}

/** PEF and PEF_KOR: documents of Peppol, which KSeF takes only in the context of a Peppol provider. */
const PEPPOL_NAMESPACES: readonly string[] = [
  'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2',
  'urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2',
];

export function isPeppol(namespace: string): boolean {
  return PEPPOL_NAMESPACES.includes(namespace);
}

/** `P_1` of `Fa/P_1`. */
export function elementAt(row: FormRow, place: Place): string {
  return row.places[place].split('/').at(-1) ?? '';
}
