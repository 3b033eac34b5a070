/**
 * Statements whose plan PostgreSQL keeps, one for each connection: without one it reads and plans them anew each time,
 * which costs a quarter of what a small session costs it. A plan fits the size that the tables had when it was made; so all of
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

/**
 * Bytes by table. Whoever comes after it on the connection does not wait for the lock of a migration with it: then it fails, and the
 * next look tells.
 */
const SIZES = `SET LOCAL lock_timeout = '20ms';
  SELECT relname AS name, pg_relation_size(oid)::float8 AS bytes FROM pg_class
  WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'`;

/** Has each connection make its plans anew once a table has grown to eight times what it was when they were made. */
export function renewPlans(pool: Pool): void {
  let round = 0;
  /** As large as each table was when the plans of this round began to be made, or has been since where it shrank. */
  let atRound: ReadonlyMap<string, number> | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const rounds = new WeakMap<PoolClient, number>();

  pool.on('acquire', (client) => {
    // Whoever acquired it comes after these; where the connection breaks it fails them, too.
    if ((rounds.get(client) ?? round) !== round) client.query('DISCARD PLANS').catch(() => undefined);
    rounds.set(client, round);
    if (performance.now() - lookedAt < LOOK_EVERY_MS) return;
    lookedAt = performance.now();
    look(client).then(judge, () => undefined);
  });

  function judge(sizes: ReadonlyMap<string, number>): void {
    const before = atRound;
    const grew = [...sizes].some(
      ([name, bytes]) => bytes >= SMALL_TABLE_BYTES && bytes >= GREW_TIMES * (before?.get(name) ?? 0),
    );
    if (grew && before !== null) round += 1;
    atRound =
      grew || before === null
        ? sizes
        : new Map([...sizes].map(([name, bytes]) => [name, Math.min(bytes, before.get(name) ?? bytes)]));
  }
}

async function look(client: PoolClient): Promise<ReadonlyMap<string, number>> {
  // Two commands without values: one message, one transaction, and an answer to each.
  const answers: unknown = await client.query(SIZES);
  const [, tables] = Array.isArray(answers) ? answers : [];
  const rows: readonly { name: string; bytes: number }[] = tables?.rows ?? [];
  return new Map(rows.map(({ name, bytes }) => [name, bytes]));
}
