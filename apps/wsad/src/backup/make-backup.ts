/** `npm run backup`: the ledger in one file, whole or not there at all, while everything goes on. */
import { chmod, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writableFolder } from '@wsad/config';
import { type PostgresLedger, SCHEMAS_NOT_IN_BACKUPS } from '@wsad/ledger';
import { readArchive } from './archive.ts';
import { BackupError } from './backup-error.ts';
import type { PgTools } from './pg-tools.ts';

export interface BackupOrder {
  readonly ledger: PostgresLedger;
  readonly databaseUrl: string;
  readonly folder: string;
  readonly tools: PgTools;
  readonly now: Date;
}

export interface MadeBackup {
  readonly file: string;
  readonly bytes: number;
}

export async function makeBackup({
  ledger,
  databaseUrl,
  folder,
  tools,
  now,
}: BackupOrder): Promise<MadeBackup> {
  const { serverVersionNumber, environment } = await ledger.diagnosis();
  await tools.requireFor('pg_dump', serverVersionNumber);
  if (environment === null)
    throw new BackupError('there is no ledger in this database: wsad never started on it');
  await writableFolder(folder, { refusal: noFolder, mode: 0o700 });
  const file = join(folder, nameOf(environment, now));
  const draft = `${file}.partial`;
  try {
    // First the file, for its owner alone: it is full of other people's invoices from its first byte on.
    await writeFile(draft, '', { mode: 0o600 });
    await chmod(draft, 0o600);
    await tools.runAt('pg_dump', databaseUrl, [
      '--format=custom',
      '--no-owner',
      '--no-privileges',
      ...SCHEMAS_NOT_IN_BACKUPS.map((schema) => `--exclude-schema=${schema}`),
      `--file=${draft}`,
    ]);
    await readArchive(tools, draft);
    await onDisk(draft);
    await rename(draft, file);
    await onDisk(dirname(file));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return { file, bytes: (await stat(file)).size };
}

function noFolder(code: string): BackupError {
  return new BackupError(
    `a backup needs a folder with room that this user may write to (${code}): name one with --to`,
  );
}

/** Sorted by name they are sorted by time. */
function nameOf(environment: string, now: Date): string {
  return `wsad-${environment}-${now.toISOString().replace(/[-:]|\.\d+/g, '')}.dump`;
}

async function onDisk(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
