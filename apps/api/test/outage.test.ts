import { once } from 'node:events';
import { createServer } from 'node:net';
import { createLedger } from '@wsad/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLedgerDown } from '../src/ledger-down.ts';
import { goodXml, sellerPath } from './support/invoices.ts';
import { startTestApi, type TestApi } from './support/test-api.ts';

let api: TestApi;
let ledger: ReturnType<typeof createLedger>;
beforeAll(async () => {
  ledger = createLedger({
    databaseUrl: `postgres://a:b@127.0.0.1:${await closedPort()}/c`,
    vaultKey: Buffer.alloc(32),
  });
  api = await startTestApi({ ledger });
});
afterAll(async () => {
  await api.close();
  await ledger.close();
});

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('while the ledger is away', () => {
  it.each([
    ['GET', '/readyz', {}],
    ['GET', '/v1/invoices', {}],
    ['POST', sellerPath('invoices'), { body: goodXml(), type: 'text/xml' }],
    [
      'POST',
      sellerPath('invoices'),
      { body: goodXml(), type: 'text/xml', headers: { 'idempotency-key': 'k' } },
    ],
    ['GET', sellerPath('status'), { key: 'another-key' }],
    ['GET', '/admin/queues', { key: 'another-key' }],
  ])('%s %s answers 503 and when to come again', async (method, path, options) => {
    const answer = await api.call(method, path, options);
    expect([answer.status, answer.json.code]).toEqual([503, 'NOT_READY']);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.text).not.toContain('ECONNREFUSED');
    expect(api.rings.lanes).toEqual([]);
  });

  it('is alive all the same', async () => {
    expect((await api.call('GET', '/healthz')).json).toEqual({ status: 'ok' });
  });
});

it('tells an outage from a fault of ours', () => {
  const coded = (code: string) => Object.assign(new Error('x'), { code });
  for (const code of ['ECONNREFUSED', '57P01', '57P03', '08006', '53300', '25006'])
    expect(isLedgerDown(coded(code))).toBe(true);
  for (const code of ['23505', '42P01', 'ENOSPC', '53100', '58030'])
    expect(isLedgerDown(coded(code))).toBe(false);
  expect(isLedgerDown(new Error('Connection terminated unexpectedly'))).toBe(true);
  expect(isLedgerDown(new AggregateError([coded('ECONNREFUSED')]))).toBe(true);
  expect(isLedgerDown(new Error('no'))).toBe(false);
  expect(isLedgerDown('no')).toBe(false);
});
