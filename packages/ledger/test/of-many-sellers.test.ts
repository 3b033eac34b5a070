/** What a seller costs must not grow with how many there are. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { unaudited } from './support/audited.ts';
import { NOW, newNip } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { rowsRead } from './support/rows-read.ts';
import { putToken } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger(1);
});
afterAll(() => test.close());

const OTHERS = 5_000;

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
  const before = await rowsRead(pool, ['credentials']);
  expect(await ledger.credentialOf(own)).toMatchObject({ token: `token-of-${own}` });
  expect(await ledger.credentialOf(sharing)).toMatchObject({ token: 'shared' });
  expect((await rowsRead(pool, ['credentials'])).all - before.all).toBeLessThan(10);
});
