import { randomBytes } from 'node:crypto';
import { startPostgresGoingDown, startTcpProxy } from '@wsad/testkit';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { inTransaction, type Tx } from '../src/db.ts';
import { createLedger } from '../src/index.ts';
import { after, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { followed } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

it('a connection lost in mid-transaction fails that work alone', async () => {
  const lost = inTransaction(test.pool, async (tx) => {
    await tx.query(`UPDATE settings SET paused_at = $1`, [NOW]);
    await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
  });
  await expect(lost).rejects.toThrow();
  await test.ledger.ping();
  expect(await test.ledger.isPaused()).toBe(false);
});

it('connections lost while idle are replaced', async () => {
  const other = new Pool({ connectionString: test.url, max: 1 });
  other.on('error', () => {});
  await Promise.all(Array.from({ length: 5 }, () => test.ledger.ping()));
  await other.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
  );
  await other.end();
  const pings = await Promise.allSettled(Array.from({ length: 20 }, () => test.ledger.ping()));
  expect(pings.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
  await test.ledger.ping();
});

it('a server that goes down just as it lets one in fails that work alone', async () => {
  const server = await startPostgresGoingDown();
  const ledger = createLedger({ databaseUrl: server.url, vaultKey: randomBytes(32) });
  await expect(ledger.migrate()).rejects.toThrow();
  await expect(inTransaction(ledger.pool, async (tx) => tx.query('SELECT 1'))).rejects.toThrow();
  await ledger.close();
  await server.close();
});

/** One connection, through which PostgreSQL answers BEGIN with an error, as where an operator's cancel hits that very command. */
async function ledgerWithFailingBegin() {
  let failing = false;
  const rewrite = (bytes: Buffer): Buffer =>
    failing ? Buffer.from(bytes.toString('latin1').replace('BEGIN', 'BEGUN'), 'latin1') : bytes;
  const proxy = await startTcpProxy(test.url, { rewrite });
  const databaseUrl = proxy.through(test.url);
  const ledger = createLedger({ databaseUrl, vaultKey: test.vaultKey, connectionsMax: 1 });
  onTestFinished(async () => {
    await ledger.close();
    await proxy.close();
  });
  const failBegin = (fails: boolean): void => {
    failing = fails;
  };
  return { ledger, failBegin };
}

it('a BEGIN that fails lets nothing of its transaction happen', async () => {
  const { ledger, failBegin } = await ledgerWithFailingBegin();
  const nips = [newNip(), newNip(), newNip()];
  const insert = (tx: Tx, nip: string | undefined) =>
    tx.query('INSERT INTO sellers (nip, created_at) VALUES ($1, $2)', [nip, NOW]);
  const work = async (tx: Tx) => {
    await insert(tx, nips[0]).catch(() => undefined);
    await Promise.all([insert(tx, nips[1]), insert(tx, nips[2])]);
  };
  const sellers = async () =>
    (await test.pool.query('SELECT FROM sellers WHERE nip = ANY ($1)', [nips])).rowCount;
  await ledger.ping();
  failBegin(true);
  await expect(inTransaction(ledger.pool, work)).rejects.toThrow('BEGUN');
  await expect(
    inTransaction(ledger.pool, (tx) => Promise.all(nips.map((nip) => insert(tx, nip)))),
  ).rejects.toThrow();
  expect(await sellers()).toBe(0);
  failBegin(false);
  await inTransaction(ledger.pool, work);
  expect(await sellers()).toBe(3);
});

it('a statement with a name whose first time failed with BEGIN costs its connection, and no more than that', async () => {
  const { ledger, failBegin } = await ledgerWithFailingBegin();
  const named = (tx: Tx) => tx.query({ name: 'of_this_test', text: 'SELECT 7 AS n' });
  await ledger.ping();
  failBegin(true);
  await expect(inTransaction(ledger.pool, named)).rejects.toThrow('BEGUN');
  failBegin(false);
  await inTransaction(ledger.pool, named).catch(() => undefined);
  expect((await inTransaction(ledger.pool, named)).rows).toEqual([{ n: 7 }]);
});

it('a transaction sends BEGIN with its first query, and tells the result of that query alone', async () => {
  const told = await inTransaction(test.pool, async (tx) => {
    const one = await tx.query('SELECT 1 AS n');
    const none = await tx.query('SELECT 2 AS n WHERE false');
    return [one.rows, one.rowCount, none.rows];
  });
  expect(told).toEqual([[{ n: 1 }], 1, []]);
  const nothing = await inTransaction(test.pool, (tx) =>
    tx.query('UPDATE sellers SET nip = nip WHERE false'),
  );
  expect([nothing.command, nothing.rowCount]).toEqual(['UPDATE', 0]);
  expect(await inTransaction(test.pool, async () => 'nothing asked')).toBe('nothing asked');
});

it('a line that swallows everything is given up, for one that goes through', async () => {
  const proxy = await startTcpProxy(test.url);
  const ledger = createLedger({
    databaseUrl: proxy.through(test.url),
    vaultKey: test.vaultKey,
    connectionsMax: 1,
    silenceMsMax: 200,
  });
  await ledger.ping();
  proxy.freeze();
  await expect(ledger.ping()).rejects.toThrow();
  await ledger.ping();
  proxy.freeze();
  await expect(inTransaction(ledger.pool, async (tx) => tx.query('SELECT 1'))).rejects.toThrow();
  await ledger.ping();
  await ledger.close();
  await proxy.close();
});

it('a deadlock is not the caller’s problem', async () => {
  const meet = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const nips = ['1111111111', '2222222222'];
  let runs = 0;
  const insert = (mine: number) =>
    inTransaction(test.pool, async (tx) => {
      runs += 1;
      // Each takes its own first and then wants the other's; the one that is run again takes both in one order.
      const order = runs > 2 ? nips : [nips[mine], nips[1 - mine]];
      for (const nip of order) {
        await tx.query('INSERT INTO sellers (nip, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
          nip,
          NOW,
        ]);
        meet[mine]?.resolve();
        await meet[1 - mine]?.promise;
      }
    });
  await Promise.all([insert(0), insert(1)]);
  expect(runs).toBe(3);
});

it('text that PostgreSQL cannot keep is kept as well as can be', async () => {
  const walk = await followed(test.ledger, newNip(), numbered(1));
  const verdict = { code: 450, description: 'nul \u0000', details: ['half \ud800', 'nul \u0000'] };
  await test.ledger.settleSession(
    walk.sessionId,
    [
      {
        sha256: walk.command.invoices[0]?.sha256 ?? '',
        reference: null,
        outcome: { state: 'held', cause: 'permission_missing', verdict },
      },
    ],
    [],
    after(900),
  );
  expect((await test.ledger.invoice(walk.ids[0] ?? '', 'all'))?.verdict).toMatchObject({
    description: 'nul \uFFFD',
    details: ['half \uFFFD', 'nul \uFFFD'],
  });
});
