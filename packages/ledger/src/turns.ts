import type { Db } from './db.ts';

/** True for the one process whose turn this round is; nobody else gets it within `everyMs`. */
export async function takeTurn(db: Db, name: string, now: Date, everyMs: number): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `INSERT INTO turns (name, next_at) VALUES ($1, $3)
     ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at WHERE turns.next_at <= $2`,
    [name, now, new Date(now.getTime() + everyMs)],
  );
  return rowCount === 1;
}

/** Whoever has the turn puts the next one off, after a failure say. */
export async function putOffTurn(db: Db, name: string, until: Date): Promise<void> {
  await db.pool.query('UPDATE turns SET next_at = greatest(next_at, $2) WHERE name = $1', [name, until]);
}
