import { type Db, inTransaction } from './db.ts';
import { recordEvent } from './events.ts';
import { keyOf, PROBE_COLUMN, SEALED_COLUMNS, type SealedColumn } from './sealed-columns.ts';
import { VaultError } from './vault.ts';

const ROWS_A_STEP = 200;
/** Whoever still seals with the other key adds some while they are sealed anew: it ends when they do. */
const PASSES_MAX = 20;

/**
 * Seals anew, with the key in use, whatever another one sealed: a few rows in each step, each step by itself, so that it
 * may be killed and run again. The probe comes last: from then on the key in use is enough by itself. Throws VaultError
 * where a value was sealed with a key that is not at hand; nothing is lost by that.
 */
export async function rotateVaultKey(db: Db, actor: string, now: Date): Promise<{ resealed: number }> {
  let resealed = 0;
  const columns = SEALED_COLUMNS.filter((column) => column !== PROBE_COLUMN);
  for (let pass = 1; ; pass += 1) {
    const before = resealed;
    for (const column of columns) resealed += await resealColumn(db, column);
    if (resealed === before) break;
    if (pass >= PASSES_MAX)
      throw new VaultError(
        'other processes keep sealing with the earlier key: give them the new VAULT_KEY first',
      );
  }
  resealed += await resealColumn(db, PROBE_COLUMN);
  if (resealed > 0)
    await recordEvent(db.pool, { at: now, type: 'vault.rotated', actor, detail: { resealed } });
  return { resealed };
}

interface SealedRow {
  readonly row: string;
  readonly sealed: Buffer;
}

async function resealColumn(db: Db, column: SealedColumn): Promise<number> {
  for (let count = 0; ; ) {
    const rows = await sealedElsewhere(db, column);
    if (rows.length === 0) return count;
    count += await reseal(db, column, rows);
  }
}

async function sealedElsewhere(
  { pool, vault }: Db,
  { table, column, row }: SealedColumn,
): Promise<SealedRow[]> {
  const { rows } = await pool.query<SealedRow>(
    `SELECT ${row} AS row, ${column} AS sealed FROM ${table}
     WHERE ${column} IS NOT NULL AND ${keyOf(column)} <> $1 LIMIT ${ROWS_A_STEP}`,
    [vault.keyIds[0]],
  );
  return rows;
}

/** A value that somebody replaced meanwhile is left as it is. */
async function reseal(
  { pool, vault }: Db,
  { table, column, purpose, row }: SealedColumn,
  rows: readonly SealedRow[],
): Promise<number> {
  const fresh = rows.map((each) => vault.seal(purpose, each.row, vault.open(purpose, each.row, each.sealed)));
  return await inTransaction(pool, async (tx) => {
    const { rowCount } = await tx.query(
      `UPDATE ${table} SET ${column} = resealed.fresh
       FROM unnest($1::text[], $2::bytea[], $3::bytea[]) AS resealed (row, stale, fresh)
       WHERE ${row} = resealed.row AND ${column} = resealed.stale`,
      [rows.map((each) => each.row), rows.map((each) => each.sealed), fresh],
    );
    return rowCount ?? 0;
  });
}
