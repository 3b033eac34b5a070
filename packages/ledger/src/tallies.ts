import type { Pool } from 'pg';
import type { Tx } from './db.ts';
import { kept } from './kept-plans.ts';

/** Totals since the ledger began, for metrics. */
export const TALLIES = ['accepted', 'refused', 'cleared', 'rejected', 'withdrawn', 'rateLimited'] as const;
export type Tally = (typeof TALLIES)[number];

/** Adds to totals without touching a row that others add to as well. */
export async function tally(db: Tx | Pool, amounts: Partial<Record<Tally, number>>): Promise<void> {
  const counted = Object.entries(amounts).filter(([, amount]) => amount !== 0);
  if (counted.length === 0) return;
  await db.query(kept('INSERT INTO tallies (name, amount) SELECT * FROM unnest($1::text[], $2::bigint[])'), [
    counted.map(([name]) => name),
    counted.map(([, amount]) => amount),
  ]);
}

/** Folds what has been added into one row per name, and per seller and state (which a trigger adds). */
export async function foldTallies(tx: Tx): Promise<void> {
  await tx.query(
    `WITH taken AS (
       DELETE FROM tallies WHERE id IN (SELECT id FROM tallies ORDER BY id LIMIT 10000 FOR UPDATE SKIP LOCKED)
       RETURNING name, amount
     )
     INSERT INTO tallies (name, amount) SELECT name, sum(amount) FROM taken GROUP BY name`,
  );
  await tx.query(
    `WITH scattered AS (
       SELECT nip, state FROM seller_tallies GROUP BY nip, state HAVING count(*) > 1 LIMIT 1000
     ), taken AS (
       DELETE FROM seller_tallies WHERE id IN (
         SELECT id FROM seller_tallies JOIN scattered USING (nip, state) ORDER BY id LIMIT 10000 FOR UPDATE OF seller_tallies SKIP LOCKED
       ) RETURNING nip, state, amount
     )
     INSERT INTO seller_tallies (nip, state, amount) SELECT nip, state, sum(amount) FROM taken GROUP BY nip, state`,
  );
}

export async function readTallies(pool: Pool): Promise<Record<Tally, number>> {
  const { rows } = await pool.query<{ name: string; amount: number }>(
    'SELECT name, sum(amount)::float8 AS amount FROM tallies GROUP BY name',
  );
  const found = new Map(rows.map((row) => [row.name, row.amount]));
  const of = (name: Tally): number => found.get(name) ?? 0;
  return {
    accepted: of('accepted'),
    refused: of('refused'),
    cleared: of('cleared'),
    rejected: of('rejected'),
    withdrawn: of('withdrawn'),
    rateLimited: of('rateLimited'),
  };
}
