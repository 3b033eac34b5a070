import { type Db, storable } from './db.ts';

export interface Connection {
  readonly state: 'up' | 'degraded' | 'down';
  readonly lastSuccessAt: Date | null;
  readonly latencyMs: number | null;
  readonly consecutiveFailures: number;
  readonly lastError: string | null;
  readonly lastErrorAt: Date | null;
}

/** So many failures in a row mean that KSeF is not there; fewer, that it stumbles. */
const DOWN_AFTER_FAILURES = 5;

/** What a call to KSeF showed of the connection: any answer of its own is a success, even a refusal. */
export async function recordConnection(
  db: Db,
  ok: boolean,
  latencyMs: number | null,
  error: string | null,
  at: Date,
): Promise<void> {
  await db.pool.query(
    ok
      ? `INSERT INTO connection (environment, last_success_at, latency_ms)
         SELECT coalesce(environment, ''), $1, $2::int FROM settings
         ON CONFLICT (environment) DO UPDATE
           SET last_success_at = greatest(connection.last_success_at, $1), latency_ms = $2::int, consecutive_failures = 0`
      : `INSERT INTO connection (environment, consecutive_failures, last_error_at, last_error)
         SELECT coalesce(environment, ''), 1, $1, $2 FROM settings
         ON CONFLICT (environment) DO UPDATE
           SET consecutive_failures = connection.consecutive_failures + 1, last_error_at = $1, last_error = $2`,
    ok ? [at, latencyMs === null ? null : Math.round(latencyMs)] : [at, storable(error)],
  );
}

export async function connection(db: Db): Promise<Connection> {
  const { rows } = await db.pool.query<Omit<Connection, 'state'>>(
    `SELECT last_success_at AS "lastSuccessAt", latency_ms AS "latencyMs",
       consecutive_failures AS "consecutiveFailures", last_error AS "lastError", last_error_at AS "lastErrorAt"
     FROM connection JOIN settings ON coalesce(settings.environment, '') = connection.environment`,
  );
  const [row] = rows;
  const known = row ?? {
    lastSuccessAt: null,
    latencyMs: null,
    consecutiveFailures: 0,
    lastError: null,
    lastErrorAt: null,
  };
  return { state: stateOf(known.consecutiveFailures), ...known };
}

function stateOf(consecutiveFailures: number): Connection['state'] {
  if (consecutiveFailures === 0) return 'up';
  return consecutiveFailures < DOWN_AFTER_FAILURES ? 'degraded' : 'down';
}
