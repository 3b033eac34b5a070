import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@wsad/embedded';
import { createLedger } from '@wsad/ledger';
import { eventually, startTcpProxy, testDatabase } from '@wsad/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { acceptedAgain, allClearedOf, drained, handedIn } from './support/outage.ts';
import { allRegisteredOnce, installation, sellerOf } from './support/processes.ts';

const TIMEOUT = { timeout: 120_000 };
const PATIENCE_MS = 60_000;
const UPLOAD = 'PUT /storage/{session}/{part}';

/** wsad's processes reach their database through what can be cut; the tests reach it as it is. */
async function started() {
  const database = await testDatabase();
  onTestFinished(() => database.drop());
  const proxy = await startTcpProxy(database.url);
  onTestFinished(() => proxy.close());
  const install = await installation({ databaseUrl: proxy.through(database.url) });
  const api = await install.startApi();
  const worker = await install.start('worker');
  const poller = await install.start('poller');
  const nip = await sellerOf(api.client);
  return { database, proxy, install, api, nip, others: [worker, poller] };
}

it('a database that refuses connections: a clear 503, and all goes on by itself', TIMEOUT, async () => {
  const { proxy, install, api, nip, others } = await started();
  install.emulator.control.addFault({ operation: UPLOAD, delayMs: 500 });
  const uploads = () => install.emulator.control.stats().calls[UPLOAD] ?? 0;
  expect(await handedIn(api, nip, 'A', 8)).toBe('accepted');
  await eventually(() => uploads() > 0, { timeoutMs: PATIENCE_MS, intervalMs: 5, what: 'the upload' });
  await proxy.cut();
  expect(await handedIn(api, nip, 'B', 8)).toBe('NOT_READY');
  expect((await fetch(`${api.url}/readyz`)).status).toBe(503);
  for (const process of others) await process.saying(/(ECONNREFUSED)/);
  expect(await handedIn(api, nip, 'B', 8)).toBe('NOT_READY');
  await proxy.restore();
  await acceptedAgain(api, nip, 'B', 8);
  await allClearedOf(api, nip, 16);
  await allRegisteredOnce(install, api.client, nip, 16);
  await drained([api, ...others]);
});

it('a database that is started anew under those who use it', TIMEOUT, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'wsad-restarted-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  let server = await startEmbeddedPostgres({ dataDir, fsync: false });
  onTestFinished(() => server.stop());
  const install = await installation({ databaseUrl: server.url });
  const api = await install.startApi();
  const others = [await install.start('worker'), await install.start('poller')];
  const nip = await sellerOf(api.client);
  install.emulator.control.addFault({ operation: UPLOAD, delayMs: 500 });
  expect(await handedIn(api, nip, 'A', 8)).toBe('accepted');
  await server.stop();
  expect(await handedIn(api, nip, 'B', 8)).toBe('NOT_READY');
  server = await startEmbeddedPostgres({ dataDir, fsync: false, port: server.port });
  await acceptedAgain(api, nip, 'B', 8);
  await allClearedOf(api, nip, 16);
  await allRegisteredOnce(install, api.client, nip, 16);
  await drained([api, ...others]);
});

it(
  'a fail-over: connections drop, the server takes no writes for a while, then it does',
  TIMEOUT,
  async () => {
    const { database, install, api, nip, others } = await started();
    const name = new URL(database.url).pathname.slice(1);
    const administrator = createLedger({ databaseUrl: database.url, vaultKey: Buffer.alloc(32) });
    onTestFinished(() => administrator.close());
    const asStandby = (on: boolean) =>
      administrator.pool.query(
        `ALTER DATABASE ${name} ${on ? 'SET default_transaction_read_only = on' : 'RESET default_transaction_read_only'}`,
      );
    const dropAll = () =>
      administrator.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
      );
    install.emulator.control.addFault({ operation: UPLOAD, delayMs: 500 });
    expect(await handedIn(api, nip, 'A', 8)).toBe('accepted');
    await asStandby(true);
    await dropAll();
    expect(await handedIn(api, nip, 'B', 8)).toBe('NOT_READY');
    // What it has may be read all the same.
    expect((await api.client.invoices(nip)).length).toBe(8);
    for (const process of others) await process.saying(/(read-only transaction)/);
    // Nobody drops the connections for us this time: those that cannot write are left one by one.
    await asStandby(false);
    await acceptedAgain(api, nip, 'B', 8);
    await allClearedOf(api, nip, 16);
    await allRegisteredOnce(install, api.client, nip, 16);
    await drained([api, ...others]);
  },
);

it('a database that hangs does not keep a process from ending', TIMEOUT, async () => {
  const { proxy, install, api, nip } = await started();
  const worker = await install.start('worker', { env: { WSAD_SHUTDOWN_MS: '300' } });
  expect(await handedIn(api, nip, 'A', 8)).toBe('accepted');
  await allClearedOf(api, nip, 8);
  proxy.freeze();
  worker.signal('SIGTERM');
  expect(await worker.ended).toEqual({ code: 1, signal: null });
  expect(worker.output()).toContain('draining took too long');
});
