import type { KsefEnvironment } from '@wsad/domain';
import type { Db } from '../db.ts';
import { appliedMigrations, migrationNames } from '../migrate.ts';

/** How the database stands, without changing anything in it. */
export interface Diagnosis {
  /** Such as 180004 for 18.4. */
  readonly serverVersionNumber: number;
  /** Migrations that a start would bring in. */
  readonly missingMigrations: readonly string[];
  /** Migrations of a newer wsad. */
  readonly foreignMigrations: readonly string[];
  /** The KSeF environment it belongs to; null while nothing has started on it. */
  readonly environment: KsefEnvironment | null;
}

export async function diagnosis({ pool }: Pick<Db, 'pool'>): Promise<Diagnosis> {
  const { rows } = await pool.query<{ version: number }>(
    "SELECT current_setting('server_version_num')::int AS version",
  );
  const known = await migrationNames();
  const applied = await appliedMigrations(pool);
  const missing = known.filter((name) => !applied.has(name));
  return {
    serverVersionNumber: rows[0]?.version ?? 0,
    missingMigrations: missing,
    foreignMigrations: [...applied.keys()].filter((name) => !known.includes(name)),
    environment: applied.size === 0 ? null : await environmentOf(pool),
  };
}

async function environmentOf(pool: Db['pool']): Promise<KsefEnvironment | null> {
  const { rows } = await pool.query<{ environment: KsefEnvironment | null }>(
    'SELECT environment FROM settings',
  );
  return rows[0]?.environment ?? null;
}
