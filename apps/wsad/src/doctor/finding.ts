/** What the doctor finds: one check, how it stands, and in plain words what to mend. */

export const CHECKS = [
  'configuration',
  'database',
  'queue',
  'spool folder',
  'KSeF',
  'clock',
  'public keys',
  'credentials',
  'login',
  'permissions',
  'limits',
  'work',
] as const;
export type Check = (typeof CHECKS)[number];

export interface Finding {
  readonly check: Check;
  /** `unknown`: it could not be looked at, because of something else that is found here. */
  readonly state: 'good' | 'warning' | 'problem' | 'unknown';
  readonly says: string;
  /** What to do; null where there is nothing to do. */
  readonly mend: string | null;
}

export function good(check: Check, says: string): Finding {
  return { check, state: 'good', says, mend: null };
}

export function warning(check: Check, says: string, mend: string): Finding {
  return { check, state: 'warning', says, mend };
}

export function problem(check: Check, says: string, mend: string): Finding {
  return { check, state: 'problem', says, mend };
}

export function unknown(check: Check, says: string): Finding {
  return { check, state: 'unknown', says, mend: null };
}

/** Messages of lower layers, fit for a line: an AggregateError of several addresses has none of its own. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return error.message === '' ? code : error.message.split('\n', 1)[0]?.trim() || code;
}
