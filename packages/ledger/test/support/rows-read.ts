import type { Pool } from 'pg';

export interface RowsRead {
  /** From one end of a table to the other. */
  readonly scanned: number;
  readonly byIndex: number;
  readonly all: number;
}

/** Rows that were fetched so far, of these tables or of all. The pool has one connection: others tell of theirs when they like. */
export async function rowsRead(pool: Pool, tables: readonly string[] | null = null): Promise<RowsRead> {
  await pool.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await pool.query<Omit<RowsRead, 'all'>>(
    `SELECT sum(seq_tup_read)::float8 AS scanned, sum(coalesce(idx_tup_fetch, 0))::float8 AS "byIndex"
     FROM pg_stat_user_tables WHERE $1::text[] IS NULL OR relname = ANY ($1)`,
    [tables],
  );
  const { scanned = Number.NaN, byIndex = Number.NaN } = rows[0] ?? {};
  return { scanned, byIndex, all: scanned + byIndex };
}

/** Entries of the table's indexes that were gone through so far, also for rows that were then not fetched. */
export async function entriesRead(pool: Pool, table: string): Promise<number> {
  await pool.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await pool.query<{ entries: number }>(
    'SELECT sum(idx_tup_read)::float8 AS entries FROM pg_stat_user_indexes WHERE relname = $1',
    [table],
  );
  return rows[0]?.entries ?? Number.NaN;
}
