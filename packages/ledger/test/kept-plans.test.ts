import { testDatabase } from '@wsad/testkit';
import { Pool, type PoolClient } from 'pg';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { inTransaction } from '../src/db.ts';
import { anew, kept, renewPlans } from '../src/kept-plans.ts';
import { BY_INDEX } from '../src/opening-query.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
/** One connection, so that all that is kept is kept there. */
let pool: Pool;
const said: string[] = [];

beforeEach(async () => {
  said.length = 0;
  database = await testDatabase();
  pool = poolOf(1);
  await pool.query('CREATE TABLE invoices (id int PRIMARY KEY, number text)');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await pool.end();
  await database.drop();
});

function poolOf(max: number): Pool {
  const made = new Pool({ connectionString: database.url, max, pipeline: true });
  made.on('connect', listen);
  // One that is ending may still hear that its database has gone.
  made.on('error', () => {});
  return made;
}

function listen(client: PoolClient): void {
  const { query } = client;
  client.query = ((...of: Parameters<typeof query>) => {
    said.push(String(of[0]));
    return query.apply(client, of);
  }) as typeof query;
}

/** The statements that the connection keeps, and how often each went by a plan for any values. */
async function keptThere(): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ statement: string; generic: number }>(
    'SELECT statement, generic_plans::int AS generic FROM pg_prepared_statements',
  );
  return Object.fromEntries(rows.map(({ statement, generic }) => [statement, generic]));
}

/** Each call is a second later, in which the sizes are looked at: how often plans were thrown away by then. */
function looking(): () => Promise<number> {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  renewPlans(pool);
  return async () => {
    now += 1_000;
    await pool.query('SELECT 1');
    await pool.query('SELECT 1');
    return thrownAway();
  };
}

function thrownAway(): number {
  return said.filter((statement) => statement === 'DISCARD PLANS').length;
}

const FIND = 'SELECT number FROM invoices WHERE id = $1';
const AMONG = 'SELECT number FROM invoices WHERE id = ANY ($1::int[])';

it('keeps the plan of what is asked in a transaction with few values, also of its first statement', async () => {
  for (let time = 0; time < 10; time += 1)
    await inTransaction(pool, async (tx) => {
      await tx.query(FIND, [time]);
      await tx.query({ text: AMONG, values: [[1, 2, 3]] });
    });
  const plans = await keptThere();
  expect(Object.keys(plans).sort()).toEqual([AMONG, FIND].sort());
  expect(plans[FIND]).toBeGreaterThan(0);
});

it('plans anew for many values, and for whoever asks for it', async () => {
  await inTransaction(pool, async (tx) => {
    await tx.query(AMONG, [`{${Array.from({ length: 1_000 }, (_, index) => index + 10_000).join(',')}}`]);
    await tx.query(AMONG, [Array.from({ length: 5_000 }, (_, index) => index)]);
    await tx.query(anew(FIND), [1]);
  });
  expect(await keptThere()).toEqual({});
});

it('goes by the text, whoever else keeps statements on the connection', () => {
  expect(kept(FIND)).toEqual(kept(FIND));
  expect(kept(FIND).name).not.toBe(kept(AMONG).name);
});

it('has plans made anew once a table is eight times as large, and not for a small one', async () => {
  const looked = looking();
  const grow = (from: number, to: number) =>
    pool.query(
      `INSERT INTO invoices SELECT id, repeat('x', 100) FROM generate_series($1::int, $2::int) AS id`,
      [from, to],
    );
  await grow(1, 10);
  expect(await looked()).toBe(0);
  await grow(11, 500);
  expect(await looked()).toBe(0);
  await grow(501, 5_000);
  expect(await looked()).toBe(1);
  await grow(5_001, 20_000);
  expect(await looked()).toBe(1);
  await grow(20_001, 41_000);
  expect(await looked()).toBe(2);
  expect(await looked()).toBe(2);
});

it('has plans made anew as well once a table has shrunk and grown again', async () => {
  const grow = () =>
    pool.query(`INSERT INTO invoices SELECT id, repeat('x', 100) FROM generate_series(1, 20000) AS id`);
  await grow();
  const looked = looking();
  expect(await looked()).toBe(0);
  await pool.query('TRUNCATE invoices');
  expect(await looked()).toBe(0);
  await grow();
  expect(await looked()).toBe(1);
});

it('has each connection make its plans anew, once', async () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const two = poolOf(2);
  renewPlans(two);
  const both = async (): Promise<void> => {
    const clients = [await two.connect(), await two.connect()];
    for (const client of clients) await client.query('SELECT 1');
    for (const client of clients) client.release();
  };
  await both();
  await pool.query(`INSERT INTO invoices SELECT id, repeat('x', 100) FROM generate_series(1, 5000) AS id`);
  now += 1_000;
  await two.query('SELECT 1');
  for (let time = 0; time < 3; time += 1) await both();
  await two.end();
  expect(thrownAway()).toBe(2);
});

it('lets nobody wait for a table that a migration has locked', async () => {
  renewPlans(pool);
  const migrating = new Pool({ connectionString: database.url, max: 1 });
  const migration = await migrating.connect();
  await migration.query('BEGIN; LOCK TABLE invoices IN ACCESS EXCLUSIVE MODE');
  await expect(pool.query('SELECT 1 AS one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
  await migration.query('ROLLBACK');
  migration.release();
  await migrating.end();
});

it('asks again on another connection where a migration has changed what a kept plan answers', async () => {
  const ask = () =>
    inTransaction(
      pool,
      async (tx) => (await tx.query('SELECT * FROM invoices WHERE id < $1', [1])).fields.length,
    );
  for (let time = 0; time < 3; time += 1) expect(await ask()).toBe(2);
  await pool.query('ALTER TABLE invoices ADD COLUMN more text');
  expect(await ask()).toBe(3);
});

it('makes settings with BEGIN that end with the transaction, and answers its first query', async () => {
  const settingOf = async (from: Pick<Pool, 'query'>) =>
    (await from.query<{ setting: string }>(`SELECT current_setting('enable_seqscan') AS setting`)).rows[0]
      ?.setting;
  expect(await inTransaction(pool, (tx) => settingOf(tx), BY_INDEX)).toBe('off');
  expect(await settingOf(pool)).toBe('on');
});

it('undoes a transaction whose settings cannot be made', async () => {
  const insert = () =>
    inTransaction(pool, (tx) => tx.query(`INSERT INTO invoices VALUES (1, 'A')`), [
      'SET LOCAL nothing_of_that = off',
    ]);
  await expect(insert()).rejects.toThrow();
  const { rows } = await pool.query('SELECT FROM invoices');
  expect(rows).toHaveLength(0);
});
