import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { Pool, PoolClient } from 'pg';
import { MigrationChanged } from './errors.ts';

const FOLDER = new URL('../migrations/', import.meta.url);
const LOCK = 'wsad|migrate';
/** An index over millions of rows takes its time, and so does another process that builds it: the longest timer there is. */
const PATIENTLY = { query_timeout: 2 ** 31 - 1 };

/**
 * Brings the schema up to date: each numbered file once, in order, in a transaction of its own. Any number of
 * processes may call it at once. Migrations that this version does not know are left alone: a newer one is running.
 */
export async function migrate(pool: Pool): Promise<{ applied: string[] }> {
  const client = await pool.connect();
  try {
    await client.query({
      ...PATIENTLY,
      text: 'SELECT pg_advisory_lock(hashtextextended($1, 0))',
      values: [LOCK],
    });
    try {
      return { applied: await applyMissing(client) };
    } finally {
      await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [LOCK]);
    }
  } finally {
    client.release();
  }
}

async function applyMissing(client: PoolClient): Promise<string[]> {
  await client.query(
    'CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, sha256 text NOT NULL)',
  );
  const done = await appliedMigrations(client);
  const applied: string[] = [];
  for (const name of await migrationNames()) {
    const sql = await readFile(new URL(name, FOLDER), 'utf8');
    const sha256 = createHash('sha256').update(sql).digest('hex');
    const before = done.get(name);
    if (before !== undefined && before !== sha256) throw new MigrationChanged(name);
    if (before !== undefined) continue;
    await apply(client, name, sql, sha256);
    applied.push(name);
  }
  return applied;
}

/** Those that this database has, each with the hash of its text; none where nothing has ever started on it. */
export async function appliedMigrations(db: Pool | PoolClient): Promise<Map<string, string>> {
  const { rows: found } = await db.query<{ there: boolean }>(
    "SELECT to_regclass('schema_migrations') IS NOT NULL AS there",
  );
  if (found[0]?.there !== true) return new Map();
  const { rows } = await db.query<{ name: string; sha256: string }>(
    'SELECT name, sha256 FROM schema_migrations ORDER BY name',
  );
  return new Map(rows.map((row) => [row.name, row.sha256]));
}

/** Those that this version knows, in order. */
export async function migrationNames(): Promise<string[]> {
  const names = await readdir(FOLDER);
  return names.filter((name) => /^\d{4}_.+\.sql$/.test(name)).sort();
}

async function apply(client: PoolClient, name: string, sql: string, sha256: string): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query({ ...PATIENTLY, text: sql });
    await client.query('INSERT INTO schema_migrations (name, sha256) VALUES ($1, $2)', [name, sha256]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
