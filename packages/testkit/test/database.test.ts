import { Client } from 'pg';
import { expect, it } from 'vitest';
import { testDatabase } from '../src/index.ts';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

it('gives every caller a database of its own, UTF8 and locale C', async () => {
  const [one, two] = await Promise.all([testDatabase(), testDatabase()]);
  await query(one.url, 'create table only_here ()');
  expect(await query(two.url, `select to_regclass('only_here') as found`)).toEqual([{ found: null }]);
  const facts = `select pg_encoding_to_char(encoding) as encoding, datcollate as locale
                 from pg_database where datname = current_database()`;
  expect(await query(one.url, facts)).toEqual([{ encoding: 'UTF8', locale: 'C' }]);
  await Promise.all([one.drop(), two.drop()]);
});

it('drops a database that is still connected to', async () => {
  const database = await testDatabase();
  const client = new Client({ connectionString: database.url });
  const lost = new Promise((resolve) => client.on('error', resolve));
  await client.connect();
  await database.drop();
  await expect(lost).resolves.toBeInstanceOf(Error);
  await expect(query(database.url, 'select 1')).rejects.toThrow('does not exist');
});

it('prepares a template once, whoever comes at the same time, and copies it', async () => {
  let prepared = 0;
  const template = {
    template: 'numbers',
    prepare: async (url: string) => {
      prepared++;
      await query(url, 'create table numbers as select generate_series(1, 5) as n');
    },
  };
  const databases = await Promise.all(Array.from({ length: 6 }, () => testDatabase(template)));
  for (const { url, drop } of databases) {
    expect(await query(url, 'select count(*)::int as n from numbers')).toEqual([{ n: 5 }]);
    await drop();
  }
  expect(prepared).toBe(1);
});

it('prepares a template again after a failure', async () => {
  const failing = { template: 'frail', prepare: () => Promise.reject(new Error('no migration today')) };
  await expect(testDatabase(failing)).rejects.toThrow('no migration today');
  const mended = await testDatabase({
    template: 'frail',
    prepare: async (url) => {
      await query(url, 'create table whole ()');
    },
  });
  expect(await query(mended.url, 'select * from whole')).toEqual([]);
  await mended.drop();
});
