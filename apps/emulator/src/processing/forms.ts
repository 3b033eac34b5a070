import type { KsefEnvironment } from '../options.ts';

/** An invoice form KSeF takes, with the places in its XML that matter outside the XSD. */
export type FormCode = {
  systemCode: string;
  schemaVersion: string;
  value: string;
  /** Path of the XSD under the schema folder, also the name a receipt gives the structure (capitalised). */
  schemaFile: string;
  /** The element that holds number, date and kind, and their names in it. */
  body: string;
  number: string;
  issueDate: string;
  /** Who must be the context of the session. */
  issuer: 'Podmiot1' | 'Podmiot2';
  environments: readonly KsefEnvironment[];
};

const everywhere: readonly KsefEnvironment[] = ['TEST', 'DEMO', 'PRD'];
const fa = { value: 'FA', body: 'Fa', number: 'P_2', issueDate: 'P_1', issuer: 'Podmiot1' } as const;

/** The form nearly every invoice has. */
export const usualForm: FormCode = {
  ...fa,
  systemCode: 'FA (3)',
  schemaVersion: '1-0E',
  schemaFile: 'FA/schemat_FA(3)_v1-0E.xsd',
  environments: everywhere,
};

const forms: readonly FormCode[] = [
  usualForm,
  {
    ...fa,
    systemCode: 'FA (2)',
    schemaVersion: '1-0E',
    schemaFile: 'FA/schemat_FA(2)_v1-0E.xsd',
    environments: ['TEST'],
  },
  {
    systemCode: 'FA_RR (1)',
    schemaVersion: '1-1E',
    value: 'FA_RR',
    schemaFile: 'RR/schemat_FA_RR(1)_v1-1E.xsd',
    body: 'FakturaRR',
    number: 'P_4C',
    issueDate: 'P_4B',
    issuer: 'Podmiot2',
    environments: everywhere,
  },
];

/** The form a session names, or null where this environment does not take it. */
export function formFor(
  named: { systemCode: string; schemaVersion: string; value: string },
  environment: KsefEnvironment,
): FormCode | null {
  const matches = (form: FormCode): boolean =>
    form.systemCode === named.systemCode &&
    form.schemaVersion === named.schemaVersion &&
    form.value === named.value &&
    form.environments.includes(environment);
  return forms.find(matches) ?? null;
}

/** `Schemat_FA(3)_v1-0E.xsd`: what a receipt calls the structure. */
export function structureName(form: FormCode): string {
  const file = form.schemaFile.slice(form.schemaFile.indexOf('/') + 1);
  return `S${file.slice(1)}`;
}
