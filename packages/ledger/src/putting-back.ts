/**
 * A database that a backup is put back into. What is in it is set aside first and thrown away last, and between the two
 * it says of itself that it is not whole: nothing starts on it.
 */
import type { Pool } from 'pg';
import { type Db, inTransaction } from './db.ts';
import { RestoreUnfinished } from './errors.ts';
import { migrate } from './migrate.ts';
import { markRestored } from './restored.ts';

/** While it is there, a restore was begun and has not come to its end. */
const UNFINISHED = 'wsad_restoring';
const SET_ASIDE = 'wsad_before_restore';
const QUEUE = 'wsad_queue';

/** Schemas that a backup goes without: jobs are made again from the ledger. */
export const SCHEMAS_NOT_IN_BACKUPS = [QUEUE, UNFINISHED, SET_ASIDE] as const;

export interface Target {
  /** Tables of the ledger, or whatever else is in its place. */
  readonly tables: number;
  /** Whoever else is connected: it would write into what is being replaced. */
  readonly connections: number;
  readonly unfinished: boolean;
}

export async function lookAtTarget({ pool }: Pick<Db, 'pool'>): Promise<Target> {
  const { rows } = await pool.query<Target>(
    `SELECT (SELECT count(*)::int FROM pg_tables WHERE schemaname = 'public') AS tables,
       (SELECT count(*)::int FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type IS DISTINCT FROM 'autovacuum worker') AS connections,
       to_regnamespace('${UNFINISHED}') IS NOT NULL AS unfinished`,
  );
  return rows[0] ?? { tables: 0, connections: 0, unfinished: false };
}

/** Throws where a restore was begun on this database and did not come to its end. */
export async function refuseUnfinished({ pool }: Pick<Db, 'pool'>): Promise<void> {
  const { rowCount } = await pool.query(
    `SELECT FROM pg_catalog.pg_namespace WHERE nspname = '${UNFINISHED}'`,
  );
  if (rowCount !== 0) throw new RestoreUnfinished();
}

/** Makes room. What an unfinished restore left is thrown away; what was here before that stays set aside. */
export async function beginPuttingBack({ pool }: Pick<Db, 'pool'>): Promise<void> {
  const { unfinished } = await lookAtTarget({ pool });
  await inTransaction(pool, async (tx) => {
    if (unfinished) await tx.query('DROP SCHEMA public CASCADE');
    else {
      await tx.query(`CREATE SCHEMA ${UNFINISHED}`);
      await tx.query(`ALTER SCHEMA public RENAME TO ${SET_ASIDE}`);
    }
    await tx.query('CREATE SCHEMA public');
  });
}

/** It did not work: what was here before is back. */
export async function undoPuttingBack({ pool }: Pick<Db, 'pool'>): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await tx.query('DROP SCHEMA public CASCADE');
    await tx.query(`ALTER SCHEMA ${SET_ASIDE} RENAME TO public`);
    await tx.query(`DROP SCHEMA ${UNFINISHED}`);
  });
}

/** The backup is in: it is brought to this version, marked as put back, and only then whole. */
export async function finishPuttingBack(db: Db, actor: string, now: Date): Promise<{ since: Date }> {
  await migrate(db.pool);
  const marked = await markRestored(db, actor, now);
  await dropLeftovers(db.pool);
  return marked;
}

async function dropLeftovers(pool: Pool): Promise<void> {
  await inTransaction(pool, async (tx) => {
    for (const schema of SCHEMAS_NOT_IN_BACKUPS) await tx.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  });
}
