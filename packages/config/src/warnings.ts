import type { Values } from './variables.ts';

const ADMIN_TOKEN_LENGTH_LEAST = 16;

export function warningsFor(values: Values): string[] {
  const warnings: string[] = [];
  if (values.KSEF_ENV === 'PRD' && values.DATABASE_URL === undefined)
    warnings.push(
      'KSEF_ENV=PRD on the embedded database: its only copy is in WSAD_DATA_DIR; set DATABASE_URL to a PostgreSQL that is backed up',
    );
  if (values.KSEF_ENV === 'PRD' && values.KSEF_BASE_URL !== undefined)
    warnings.push("KSEF_ENV=PRD with KSEF_BASE_URL: invoices go to that address, under production's rules");
  if (values.ADMIN_TOKEN !== undefined && values.ADMIN_TOKEN.length < ADMIN_TOKEN_LENGTH_LEAST)
    warnings.push(`ADMIN_TOKEN is shorter than ${ADMIN_TOKEN_LENGTH_LEAST} characters and may be guessed`);
  return warnings;
}
