import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashApiKey } from '../src/index.ts';
import { after, NOW } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

describe('idempotency', () => {
  const begin = (key: string, now = NOW, requestHash = 'hash', scope = 'caller/1') =>
    test.ledger.beginIdempotent({ scope, key, requestHash, now });

  it('lets one of many equal calls do the work, and answers the others from it', async () => {
    const begun = await Promise.all(Array.from({ length: 6 }, () => begin('one')));
    expect(begun.map(({ kind }) => kind).sort()).toEqual([...Array(5).fill('inProgress'), 'new']);
    await test.ledger.finishIdempotent({
      scope: 'caller/1',
      key: 'one',
      status: 202,
      body: '{"a":1}',
      now: NOW,
    });
    expect(await begin('one')).toEqual({ kind: 'answered', status: 202, body: '{"a":1}' });
  });

  it('tells another body under the same key, and keys of other callers apart', async () => {
    await begin('two');
    expect(await begin('two', NOW, 'other')).toEqual({ kind: 'differs' });
    expect(await begin('two', NOW, 'other', 'caller/2')).toEqual({ kind: 'new' });
  });

  it('frees the key of a call that failed, and of one that has given no sign of life for eight seconds', async () => {
    await begin('three');
    await test.ledger.abortIdempotent({ scope: 'caller/1', key: 'three' });
    expect(await begin('three')).toEqual({ kind: 'new' });
    expect(await begin('three', after(7_999))).toEqual({ kind: 'inProgress' });
    await test.ledger.renewIdempotent({ scope: 'caller/1', key: 'three', now: after(7_000) });
    expect(await begin('three', after(14_999))).toEqual({ kind: 'inProgress' });
    expect(await begin('three', after(15_000))).toEqual({ kind: 'new' });
  });

  it('keeps an answer for seven days and no longer, whatever comes after it', async () => {
    const day = 86_400_000;
    await begin('four');
    const answer = { scope: 'caller/1', key: 'four', status: 422, body: 'first', now: NOW };
    await test.ledger.finishIdempotent(answer);
    await test.ledger.finishIdempotent({ ...answer, body: 'second' });
    await test.ledger.abortIdempotent(answer);
    await test.ledger.renewIdempotent(answer);
    expect(await begin('four', after(7 * day - 1))).toMatchObject({ body: 'first' });
    expect(await begin('four', after(7 * day))).toEqual({ kind: 'new' });
  });
});

describe('API keys', () => {
  it('are told once, kept as a hash, and found by it until they are deleted', async () => {
    const wanted = {
      name: 'shop',
      role: 'submit',
      sellers: ['5265877635'],
      actor: 'admin',
      now: NOW,
    } as const;
    const { id, key } = await test.ledger.createApiKey(wanted);
    expect(key).toMatch(/^wsad_[\w-]{43}$/);
    const kept = { id, name: 'shop', role: 'submit', sellers: ['5265877635'], createdAt: NOW };
    expect(await test.ledger.findApiKey(hashApiKey(key))).toEqual(kept);
    expect(await test.ledger.findApiKey(hashApiKey('wsad_other'))).toBeNull();
    await test.ledger.createApiKey({ ...wanted, sellers: 'all', role: 'admin', now: after(1) });
    expect((await test.ledger.listApiKeys()).map(({ sellers }) => sellers)).toEqual([['5265877635'], 'all']);
    expect(await test.ledger.deleteApiKey(id, 'admin', NOW)).toBe(true);
    expect(await test.ledger.deleteApiKey(id, 'admin', NOW)).toBe(false);
    expect(await test.ledger.deleteApiKey('nonsense', 'admin', NOW)).toBe(false);
    expect(await test.ledger.findApiKey(hashApiKey(key))).toBeNull();
    expect(await test.ledger.listApiKeys()).toHaveLength(1);
  });
});

describe('the connection', () => {
  it('is up until calls fail, and down when many in a row do', async () => {
    expect(await test.ledger.connection(NOW)).toMatchObject({ state: 'up', lastSuccessAt: null });
    await test.ledger.recordConnection(true, 29.4, null, NOW);
    await test.ledger.recordConnection(false, null, '502', after(1));
    expect(await test.ledger.connection(NOW)).toEqual({
      state: 'degraded',
      lastSuccessAt: NOW,
      latencyMs: 29,
      consecutiveFailures: 1,
      lastError: '502',
      lastErrorAt: after(1),
      clock: null,
      latarnia: null,
      warnings: [],
    });
    for (let failures = 2; failures <= 5; failures += 1) {
      await test.ledger.recordConnection(false, 1000, 'time-out', after(failures));
    }
    expect(await test.ledger.connection(NOW)).toMatchObject({ state: 'down', consecutiveFailures: 5 });
    await test.ledger.recordConnection(true, 30, null, after(10));
    expect(await test.ledger.connection(NOW)).toMatchObject({ state: 'up', consecutiveFailures: 0 });
  });
});
