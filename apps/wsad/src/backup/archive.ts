/** What a backup says of itself, read from the file before anything is put back. */
import { BackupError } from './backup-error.ts';
import type { PgTools } from './pg-tools.ts';

export interface ArchiveFacts {
  /** The KSeF environment that it belongs to for ever. */
  readonly environment: string | null;
  readonly migrations: readonly string[];
}

export async function readArchive(tools: PgTools, file: string): Promise<ArchiveFacts> {
  const rowsOf = async (table: string) =>
    copiedRows(await tools.run('pg_restore', ['--data-only', `--table=${table}`, '--file=-', file]));
  const migrations = (await rowsOf('schema_migrations')).flatMap(({ name }) => name ?? []);
  const [settings] = await rowsOf('settings');
  if (settings === undefined || migrations.length === 0)
    throw new BackupError(`${file} is no backup of wsad: it holds no ledger`);
  return { environment: settings.environment ?? null, migrations };
}

/** The rows of the COPY in a script of pg_restore. What is read here needs no unescaping. */
export function copiedRows(script: string): Record<string, string | null>[] {
  const [, columns = '', data = ''] =
    /^COPY \S+ \(([^)]*)\) FROM stdin;\n([\s\S]*?)^\\\.$/m.exec(script) ?? [];
  const names = columns.split(', ');
  const lines = data.split('\n').filter((line) => line !== '');
  return lines.map((line) =>
    Object.fromEntries(
      line.split('\t').map((value, place) => [names[place] ?? '', value === '\\N' ? null : value]),
    ),
  );
}
