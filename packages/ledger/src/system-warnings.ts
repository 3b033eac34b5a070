import { type Db, storable } from './db.ts';

export interface SystemWarning {
  /** In KSeF's words. */
  readonly text: string;
  readonly since: Date;
  readonly lastSeenAt: Date;
}

/** KSeF announces things for days; what it has not said for this long is over. */
const GONE_AFTER_MS = 86_400_000;
const KEPT_MAX = 20;

/** KSeF said this beside an answer. Only the last ones said are kept. */
export async function recordSystemWarning(db: Db, text: string, at: Date): Promise<void> {
  await db.pool.query(
    `INSERT INTO system_warnings (text, since, last_seen_at) VALUES ($1, $2, $2)
     ON CONFLICT (text) DO UPDATE SET last_seen_at = greatest(system_warnings.last_seen_at, $2),
       since = CASE WHEN system_warnings.last_seen_at <= $3 THEN $2 ELSE system_warnings.since END`,
    [storable(text), at, goneBefore(at)],
  );
  await db.pool.query(
    `DELETE FROM system_warnings WHERE last_seen_at <= $1
       OR text NOT IN (SELECT text FROM system_warnings ORDER BY last_seen_at DESC, text LIMIT $2)`,
    [goneBefore(at), KEPT_MAX],
  );
}

/** What KSeF says of late, the oldest first. */
export async function systemWarnings(db: Db, now: Date): Promise<SystemWarning[]> {
  const { rows } = await db.pool.query<SystemWarning>(
    `SELECT text, since, last_seen_at AS "lastSeenAt" FROM system_warnings
     WHERE last_seen_at > $1 ORDER BY since, text`,
    [goneBefore(now)],
  );
  return rows;
}

function goneBefore(now: Date): Date {
  return new Date(now.getTime() - GONE_AFTER_MS);
}
