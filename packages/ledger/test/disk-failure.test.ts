import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFailureOf } from '@wsad/domain';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isCorruption } from '../src/db.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
  await test.pool.query('CREATE TABLE kept (place int)');
});
afterAll(() => test.close());

/** Of a connection that has no file open yet, nor any rights by itself. */
async function failureOf(sql: string): Promise<unknown> {
  const client = new Client({ connectionString: test.url });
  await client.connect();
  try {
    return await client.query(sql).catch((error: unknown) => error);
  } finally {
    await client.end();
  }
}

describe('what PostgreSQL says', () => {
  it('of a file that the system lets it not write is told as a broken disk, of a role without rights not', async () => {
    const { rows } = await test.pool.query<{ root: string; file: string }>(
      `SELECT current_setting('data_directory') AS root, pg_relation_filepath('kept') AS file`,
    );
    const [{ root, file } = { root: '', file: '' }] = rows;
    await chmod(join(root, file), 0o400);
    expect(diskFailureOf(await failureOf('INSERT INTO kept VALUES (1)'))).toEqual({
      disk: 'ledger',
      why: 'broken',
    });
    await chmod(join(root, file), 0o600);
    const ofRole = await failureOf('SET ROLE pg_monitor; INSERT INTO kept VALUES (1)');
    expect(ofRole).toMatchObject({ code: '42501' });
    expect(diskFailureOf(ofRole)).toBeNull();
  });

  it('is damage where a length is broken, and not where anything else goes wrong inside', async () => {
    const tooLong = await failureOf(`SELECT to_char(now(), repeat(repeat('y', 9000), 10000))`);
    expect(tooLong).toMatchObject({
      code: 'XX000',
      message: expect.stringContaining('memory alloc request size'),
    });
    expect(isCorruption(tooLong)).toBe(true);
    const quota = { code: 'XX000', file: 'md.c', routine: 'mdzeroextend' };
    expect(isCorruption(Object.assign(new Error('Disk quota exceeded'), quota))).toBe(false);
    for (const code of ['XX001', 'XX002'])
      expect(isCorruption(Object.assign(new Error('damaged'), { code }))).toBe(true);
  });
});
