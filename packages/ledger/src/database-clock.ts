/** PostgreSQL's own clock: no step of the work is dated by it, but it is the one that all machines share. */
import type { Db } from './db.ts';

export async function databaseClock(db: Db): Promise<Date> {
  const { rows } = await db.pool.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  const [row] = rows;
  if (row === undefined) throw new Error('the database told no time');
  return row.now;
}
