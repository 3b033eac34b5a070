/** Why wsad could not start: one line where it is for whoever starts it to mend, else everything that is known. */
import { ConfigError } from '@wsad/config';
import { EmbeddedPostgresError } from '@wsad/embedded';
import {
  MigrationChanged,
  NothingRestored,
  RestoreUnfinished,
  VaultError,
  WrongEnvironment,
} from '@wsad/ledger';
import { BackupError } from './backup/backup-error.ts';

const SAY_WHAT_TO_DO = [
  BackupError,
  ConfigError,
  EmbeddedPostgresError,
  MigrationChanged,
  NothingRestored,
  RestoreUnfinished,
  VaultError,
  WrongEnvironment,
];

/** By Node's code of the failed connection, or PostgreSQL's of the refused one. */
const DATABASE_AWAY = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  '28P01',
  '28000',
  '3D000',
]);

export function whyNotStarted(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (SAY_WHAT_TO_DO.some((kind) => error instanceof kind)) return error.message;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'EADDRINUSE') return `${error.message}: set API_PORT to a port that is free`;
  // Where a host has several addresses the error of all of them together has no message.
  if (DATABASE_AWAY.has(code)) return `DATABASE_URL cannot be used: ${error.message || code}`;
  return error.stack ?? error.message;
}
