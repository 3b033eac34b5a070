/** What a seller costs must not grow with how many there are. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { unaudited } from './support/audited.ts';
import { NOW, newNip } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { putToken } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger(1);
});
afterAll(() => test.close());

const OTHERS = 5_000;

async function credentialsRead(): Promise<number> {
  await test.pool.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await test.pool.query<{ read: number }>(
    `SELECT (seq_tup_read + idx_tup_fetch)::float8 AS read FROM pg_stat_user_tables WHERE relname = 'credentials'`,
  );
  return rows[0]?.read ?? Number.NaN;
}

it('finds the credentials of a seller, its own and shared ones, without looking at those of others', async () => {
  const { ledger, pool } = test;
  const [own, sharing] = [newNip(), newNip()];
  await putToken(ledger, own);
  await ledger.putCredentials({
    owner: { sharedName: 'everybody' },
    secret: { type: 'ksefToken', token: 'shared' },
    actor: 'test',
    now: NOW,
  });
  await ledger.bindSharedCredentials({ nip: sharing, sharedName: 'everybody', actor: 'test', now: NOW });
  await unaudited(
    pool,
    `INSERT INTO credentials (id, nip, type, sealed, created_at)
     SELECT gen_random_uuid(), lpad(n::text, 10, '0'), 'ksefToken', 'x', now() FROM generate_series(1, $1) AS n`,
    [OTHERS],
  );
  await pool.query('ANALYZE credentials');
  const before = await credentialsRead();
  expect(await ledger.credentialOf(own)).toMatchObject({ token: `token-of-${own}` });
  expect(await ledger.credentialOf(sharing)).toMatchObject({ token: 'shared' });
  expect((await credentialsRead()) - before).toBeLessThan(10);
});
