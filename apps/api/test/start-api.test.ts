import { randomBytes } from 'node:crypto';
import { connectQueue, createDoorbell } from '@wsad/jobs';
import { createLedger } from '@wsad/ledger';
import { createLogger, createTelemetry } from '@wsad/telemetry';
import { testDatabase } from '@wsad/testkit';
import { expect, it } from 'vitest';
import { startApi } from '../src/index.ts';
import { goodXmls, sellerPath } from './support/invoices.ts';
import { ADMIN } from './support/test-api.ts';

it('starts with the real queue, takes invoices, shows the rings on the board, and drains', async () => {
  const database = await testDatabase();
  const clock = () => new Date('2026-10-20T10:00:00Z');
  const telemetry = createTelemetry({ logger: createLogger({ level: 'silent' }) });
  const ledger = createLedger({ databaseUrl: database.url, vaultKey: randomBytes(32) });
  await ledger.migrate();
  const queue = await connectQueue({ url: database.url, emit: telemetry.emit, clock });
  const doorbell = createDoorbell(queue, { emit: telemetry.emit });
  const api = await startApi({
    config: {
      api: { host: '127.0.0.1', port: 0, trustedProxies: [] },
      ksef: { environment: 'TEST', baseUrl: 'http://127.0.0.1:1/v2', latarniaUrl: null },
      webhookHosts: [],
      lingerMs: 250,
      intakeBytesMax: 512_000_000,
      logLevel: 'silent',
      practises: true,
      shutdownMs: 5_000,
    },
    secrets: { adminToken: ADMIN },
    opened: { ledger, queue, doorbell },
    telemetry,
    clock,
    randomBytes,
  });
  const call = async (method: string, path: string, json?: object) => {
    const answer = await fetch(api.url + path, {
      method,
      headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    return { status: answer.status, text: await answer.text() };
  };
  await call('PUT', sellerPath('credentials'), { type: 'ksefToken', token: 't' });
  const invoices = goodXmls(6).map((xml) => ({ xml }));
  const [taken] = await Promise.all([call('POST', sellerPath('invoices'), { invoices })]);
  expect(taken).toMatchObject({ status: 202 });
  await doorbell.close();

  const board = await call('GET', '/admin/queues/api/queues');
  expect(board.status).toBe(200);
  const queues: { name: string; counts: Record<string, number> }[] = JSON.parse(board.text).queues;
  const dispatch = queues.find(({ name }) => name.endsWith('dispatch'));
  expect(Object.values(dispatch?.counts ?? {}).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  expect((await call('GET', '/metrics')).text).toContain('wsad_invoices_open{state="accepted"} 6');

  await api.close();
  await expect(fetch(`${api.url}/healthz`)).rejects.toThrow();
  await queue.close();
  await ledger.close();
  await database.drop();
});
