import { type ConnectionState, connectionState } from '@wsad/domain';
import { type Db, storable } from './db.ts';
import { gateKeys, readGates } from './gates.ts';
import { kept } from './kept-plans.ts';
import { type Latarnia, latarnia, latarniaWord } from './latarnia.ts';
import { type SystemWarning, systemWarnings } from './system-warnings.ts';

export interface Connection {
  readonly state: ConnectionState;
  readonly lastSuccessAt: Date | null;
  readonly latencyMs: number | null;
  readonly consecutiveFailures: number;
  readonly lastError: string | null;
  readonly lastErrorAt: Date | null;
  /** KSeF's clock less ours, in milliseconds; the truth lies within the uncertainty. Null until a login told. */
  readonly clock: {
    readonly offsetMs: number;
    readonly uncertaintyMs: number;
    readonly readAt: Date;
  } | null;
  /** KSeF's status service; null where it has never been read. */
  readonly latarnia: Latarnia | null;
  /** What KSeF has announced beside its answers of late. */
  readonly warnings: readonly SystemWarning[];
}

/** What a call to KSeF showed of the connection: any answer of its own is a success, even a refusal. */
export async function recordConnection(
  db: Db,
  ok: boolean,
  latencyMs: number | null,
  error: string | null,
  at: Date,
): Promise<void> {
  await db.pool.query(
    kept(
      ok
        ? `INSERT INTO connection (environment, last_success_at, latency_ms)
         SELECT coalesce(environment, ''), $1, $2::int FROM settings
         ON CONFLICT (environment) DO UPDATE
           SET last_success_at = greatest(connection.last_success_at, $1), latency_ms = $2::int, consecutive_failures = 0`
        : `INSERT INTO connection (environment, consecutive_failures, last_error_at, last_error)
         SELECT coalesce(environment, ''), 1, $1, $2 FROM settings
         ON CONFLICT (environment) DO UPDATE
           SET consecutive_failures = connection.consecutive_failures + 1, last_error_at = $1, last_error = $2`,
    ),
    ok ? [at, latencyMs === null ? null : Math.round(latencyMs)] : [at, storable(error)],
  );
}

/** KSeF's clock less ours, as the challenge of a login showed it. */
export async function recordKsefClock(
  db: Db,
  offsetMs: number,
  uncertaintyMs: number,
  at: Date,
): Promise<void> {
  await db.pool.query(
    kept(`INSERT INTO connection (environment, clock_offset_ms, clock_uncertainty_ms, clock_read_at)
     SELECT coalesce(environment, ''), $1, $2, $3 FROM settings
     ON CONFLICT (environment) DO UPDATE
       SET clock_offset_ms = excluded.clock_offset_ms, clock_uncertainty_ms = excluded.clock_uncertainty_ms,
         clock_read_at = excluded.clock_read_at`),
    [offsetMs, uncertaintyMs, at],
  );
}

/** Our clock was moved: what was measured by it is not believed until a login tells anew. */
export async function forgetKsefClock(db: Db): Promise<void> {
  await db.pool.query(
    `UPDATE connection SET clock_offset_ms = NULL, clock_uncertainty_ms = NULL, clock_read_at = NULL
     WHERE environment = (SELECT coalesce(environment, '') FROM settings)`,
  );
}

/** How KSeF is to be had: for all, or for one seller, whose own calls may fail while those of others do not. */
export async function connection(db: Db, now: Date, nip: string | null = null): Promise<Connection> {
  const { offsetMs, uncertaintyMs, readAt, ...known } = await calls(db);
  const gates = [...(await readGates(db.pool, gateKeys(db.egress, nip), now)).values()];
  const said = await latarnia(db);
  const state = connectionState({ ...known, gates, latarnia: latarniaWord(said, now) }, now);
  const clock =
    offsetMs === null || uncertaintyMs === null || readAt === null
      ? null
      : { offsetMs, uncertaintyMs, readAt };
  return { state, ...known, clock, latarnia: said, warnings: await systemWarnings(db, now) };
}

/** The same of many sellers at once, without what is the same for all. */
export async function connectionsOf(
  db: Db,
  now: Date,
  nips: readonly string[],
): Promise<Map<string, Pick<Connection, 'state' | 'lastError'>>> {
  const known = await calls(db);
  const keys = nips.flatMap((nip) => gateKeys(db.egress, nip));
  const gates = await readGates(db.pool, [...new Set(keys)], now);
  const word = latarniaWord(await latarnia(db), now);
  return new Map(
    nips.map((nip) => {
      const own = gateKeys(db.egress, nip).flatMap((key) => gates.get(key) ?? []);
      const state = connectionState({ ...known, gates: own, latarnia: word }, now);
      return [nip, { state, lastError: known.lastError }];
    }),
  );
}

async function calls(db: Db): Promise<ConnectionRow> {
  const { rows } = await db.pool.query<ConnectionRow>(
    `SELECT last_success_at AS "lastSuccessAt", latency_ms AS "latencyMs",
       consecutive_failures AS "consecutiveFailures", last_error AS "lastError", last_error_at AS "lastErrorAt",
       clock_offset_ms AS "offsetMs", clock_uncertainty_ms AS "uncertaintyMs", clock_read_at AS "readAt"
     FROM connection JOIN settings ON coalesce(settings.environment, '') = connection.environment`,
  );
  return rows[0] ?? NEVER_CALLED;
}

type ConnectionRow = Omit<Connection, 'state' | 'clock' | 'latarnia' | 'warnings'> & {
  readonly offsetMs: number | null;
  readonly uncertaintyMs: number | null;
  readonly readAt: Date | null;
};

const NEVER_CALLED: ConnectionRow = {
  lastSuccessAt: null,
  latencyMs: null,
  consecutiveFailures: 0,
  lastError: null,
  lastErrorAt: null,
  offsetMs: null,
  uncertaintyMs: null,
  readAt: null,
};
