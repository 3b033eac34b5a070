/**
 * Statements whose plan PostgreSQL keeps, one for each connection: without one it reads and plans them anew each time,
 * which costs a third of what a small session costs it. A plan fits the size that the tables had when it was made; so all of
 * them are made anew once a table has grown.
 */
import { createHash } from 'node:crypto';
import type { Pool, PoolClient, QueryConfig } from 'pg';

/** Of more values than these a statement gets a plan of its own: it shows next to its work, and may need another plan than few do. */
const SMALL_CHARACTERS_MAX = 4000;
/** Each takes room at PostgreSQL, on each connection. */
const KEPT_MAX = 500;

const names = new Map<string, string>();

/** Under one name at each connection, by which PostgreSQL finds its plan again. */
export function kept(text: string): QueryConfig {
  const name = nameOf(text);
  return name === null ? { text } : { name, text };
}

/** Planned for the values it is given, however few they are: it works on many rows. */
export function anew(text: string): QueryConfig {
  return { name: '', text };
}

/** As `kept`, where the values are few; as it is, where it has none, or a name already. */
export function keptIfSmall(
  query: string | QueryConfig,
  values: unknown[] | undefined,
): string | QueryConfig {
  const config = typeof query === 'string' ? { text: query } : query;
  const given = values ?? config.values;
  if (given === undefined || config.name !== undefined || charactersOf(given) > SMALL_CHARACTERS_MAX)
    return query;
  return { ...config, ...kept(config.text) };
}

/** By its text, so that a name never means another statement, whoever else uses the connection behind a pooler. */
function nameOf(text: string): string | null {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (names.size >= KEPT_MAX) return null;
  const name = createHash('sha256').update(text).digest('base64url').slice(0, 20);
  names.set(text, name);
  return name;
}

function charactersOf(values: readonly unknown[]): number {
  let characters = 0;
  for (const value of values) {
    if (typeof value === 'string' || Buffer.isBuffer(value)) characters += value.length;
    else if (Array.isArray(value)) characters += charactersOf(value) + value.length;
    if (characters > SMALL_CHARACTERS_MAX) break;
  }
  return characters;
}

const LOOK_EVERY_MS = 1000;
const GREW_TIMES = 8;
/** A table of less is read as quickly by any plan. */
const SMALL_TABLE_BYTES = 256 * 1024;

/** What grows by what is sent, and soon: of others a plan may be old. */
const SIZES = `SELECT array_agg(pg_relation_size(oid)::float8 ORDER BY relname) AS sizes FROM pg_class
  WHERE relnamespace = current_schema()::regnamespace AND relname = ANY ('{call_slots,events,invoices,payloads,session_members,
    sessions,submission_invoices,submissions}')`;

/** Has each connection make its plans anew once a table has grown to eight times what it was when they were made. */
export function renewPlans(pool: Pool): void {
  let round = 0;
  let atRound: readonly number[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;
  const rounds = new WeakMap<PoolClient, number>();

  pool.on('acquire', (client) => {
    // Whoever acquired it comes after these, and is told by the connection itself where it fails them.
    if ((rounds.get(client) ?? round) !== round) client.query('DISCARD PLANS').catch(() => undefined);
    rounds.set(client, round);
    if (performance.now() - lookedAt < LOOK_EVERY_MS) return;
    lookedAt = performance.now();
    client.query<{ sizes: number[] | null }>(SIZES).then(
      ({ rows }) => judge(rows[0]?.sizes ?? []),
      () => undefined,
    );
  });

  function judge(sizes: readonly number[]): void {
    const isFirst = atRound.length === 0;
    const grew = sizes.some(
      (size, index) => size >= SMALL_TABLE_BYTES && size >= GREW_TIMES * (atRound[index] ?? 0),
    );
    if (grew && !isFirst) round += 1;
    if (grew || isFirst) atRound = sizes;
  }
}
