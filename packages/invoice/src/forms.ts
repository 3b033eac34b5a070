import type { Form } from './types.ts';

/** What tells one invoice form from another, and where its schema lies. Adding a form is one row. */
export interface FormRow {
  readonly form: Form;
  /** Namespace of the root element. */
  readonly namespace: string;
  /** Inside the folder of official schemas. */
  readonly schemaFile: string;
}

export const FORM_ROWS: readonly FormRow[] = [
  {
    form: 'FA (3)',
    namespace: 'http://crd.gov.pl/wzor/2025/06/25/13775/',
    schemaFile: 'FA/schemat_FA(3)_v1-0E.xsd',
  },
  {
    form: 'FA (2)',
    namespace: 'http://crd.gov.pl/wzor/2023/06/29/12648/',
    schemaFile: 'FA/schemat_FA(2)_v1-0E.xsd',
  },
];

export function formRowOf(namespace: string): FormRow | undefined {
  return FORM_ROWS.find((row) => row.namespace === namespace);
}
