/** Every column that the vault seals, with the name of the row that is authenticated with it. A test compares the schema. */
import type { SecretPurpose } from './vault.ts';

export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  readonly purpose: SecretPurpose;
  /** SQL that names the row. */
  readonly row: string;
}

export const PROBE_COLUMN: SealedColumn = {
  table: 'settings',
  column: 'vault_probe',
  purpose: 'probe',
  row: `'wsad'`,
};

export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'credentials', column: 'sealed', purpose: 'credential', row: 'id::text' },
  { table: 'offline_certificates', column: 'sealed', purpose: 'offline-certificate', row: 'nip' },
  { table: 'sessions', column: 'key_sealed', purpose: 'session-key', row: 'id::text' },
  {
    table: 'session_parts',
    column: 'upload_sealed',
    purpose: 'part-upload',
    row: `session_id || '/' || ordinal`,
  },
  {
    table: 'authentications',
    column: 'access_sealed',
    purpose: 'access-token',
    row: `nip || '/' || credential_id`,
  },
  {
    table: 'authentications',
    column: 'refresh_sealed',
    purpose: 'refresh-token',
    row: `nip || '/' || credential_id`,
  },
  { table: 'webhooks', column: 'secret_sealed', purpose: 'webhook-secret', row: 'id::text' },
  { table: 'webhooks', column: 'earlier_secret_sealed', purpose: 'webhook-secret', row: 'id::text' },
  PROBE_COLUMN,
];

/** Which key sealed what the column holds. */
export function keyOf(column: string): string {
  return `substring(${column} FROM 2 FOR 4)`;
}
