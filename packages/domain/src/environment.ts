/** The three KSeF environments and what differs between them. Source: KSeF documentation, "Środowiska". */

export const KSEF_ENVIRONMENTS = ['TEST', 'DEMO', 'PRD'] as const;
export type KsefEnvironment = (typeof KSEF_ENVIRONMENTS)[number];

export interface EnvironmentRules {
  readonly baseUrl: string;
  readonly qrHost: string;
  /** KSeF's status service; DEMO has none. */
  readonly latarniaUrl: string | null;
  readonly forms: readonly FormCode[];
  /** Only production verifies the check digit of a NIP. */
  readonly nipChecksum: boolean;
}

/** KSeF's `systemCode` of an invoice form. */
export type FormCode = 'FA (2)' | 'FA (3)' | 'FA_RR (1)';

/** What `formCode` of an opened session says, by system code. */
export const FORMS: Readonly<Record<FormCode, { schemaVersion: string; value: string }>> = {
  'FA (2)': { schemaVersion: '1-0E', value: 'FA' },
  'FA (3)': { schemaVersion: '1-0E', value: 'FA' },
  'FA_RR (1)': { schemaVersion: '1-1E', value: 'FA_RR' },
};

export const ENVIRONMENTS: Readonly<Record<KsefEnvironment, EnvironmentRules>> = {
  TEST: {
    baseUrl: 'https://api-test.ksef.mf.gov.pl/v2',
    qrHost: 'https://qr-test.ksef.mf.gov.pl',
    latarniaUrl: 'https://api-latarnia-test.ksef.mf.gov.pl',
    forms: ['FA (3)', 'FA (2)', 'FA_RR (1)'],
    nipChecksum: false,
  },
  DEMO: {
    baseUrl: 'https://api-demo.ksef.mf.gov.pl/v2',
    qrHost: 'https://qr-demo.ksef.mf.gov.pl',
    latarniaUrl: null,
    forms: ['FA (3)', 'FA_RR (1)'],
    nipChecksum: false,
  },
  PRD: {
    baseUrl: 'https://api.ksef.mf.gov.pl/v2',
    qrHost: 'https://qr.ksef.mf.gov.pl',
    latarniaUrl: 'https://api-latarnia.ksef.mf.gov.pl',
    forms: ['FA (3)', 'FA_RR (1)'],
    nipChecksum: true,
  },
};
