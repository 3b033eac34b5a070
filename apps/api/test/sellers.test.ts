import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sellerPage, sellerStatus } from '../src/schemas/seller-status.ts';
import { goodXmls, sellerPath } from './support/invoices.ts';
import { sendAll } from './support/sending.ts';
import { NIP, OTHER_NIP, startTestApi, type TestApi } from './support/test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());
afterEach(() => {
  api.rings.lanes.length = 0;
  api.rings.logins.length = 0;
});

const CREDENTIALS = sellerPath('credentials');
const NOW = new Date('2026-10-20T10:00:00Z');
const token = (text = 'secret-token-text') => ({ type: 'ksefToken', token: text });

async function status(nip = NIP) {
  return sellerStatus.parse((await api.call('GET', sellerPath('status', nip))).json);
}

async function logIn(permissions: string[] = ['InvoiceWrite']): Promise<void> {
  const { ledger } = api;
  await ledger.beginLogin(NIP, 'test', NOW, 60_000);
  const credential = await ledger.credentialOf(NIP);
  const tokens = {
    accessToken: 'a',
    accessUntil: new Date(NOW.getTime() + 900_000),
    refreshToken: 'r',
    refreshUntil: new Date(NOW.getTime() + 86_400_000),
    permissions,
  };
  await ledger.finishLogin(NIP, 'test', credential!.id, 'ksefToken', tokens, NOW);
}

describe('credentials', () => {
  it('release what was held for want of them, and ring login and lanes', async () => {
    const handed = await api.call('POST', sellerPath('invoices'), {
      json: { invoices: goodXmls(3).map((xml) => ({ xml })) },
    });
    expect(handed.json.invoices[0].state).toBe('held');
    expect(await status()).toMatchObject({ ready: false, held: 3, authentication: { state: 'none' } });
    expect((await status()).reason).toContain(`PUT ${CREDENTIALS}`);
    expect(api.rings.lanes).toEqual([]);

    const put = await api.call('PUT', CREDENTIALS, { json: token() });
    expect([put.status, put.text]).toEqual([204, '']);
    expect(api.rings).toMatchObject({ logins: [NIP], lanes: [{ nip: NIP, form: 'FA (3)', mode: 'online' }] });
    const invoice = await api.call('GET', `/v1/invoices/${handed.json.invoices[0].id}`);
    expect(invoice.json.state).toBe('accepted');
    expect(await status()).toMatchObject({ held: 0, pending: 3 });
  });

  it('may be shared by many sellers', async () => {
    const shared = { type: 'shared', name: 'integrator' };
    const unknown = await api.call('PUT', sellerPath('credentials', OTHER_NIP), { json: shared });
    expect([unknown.status, unknown.json.code]).toEqual([404, 'UNKNOWN_SHARED_CREDENTIALS']);
    expect((await api.call('PUT', '/v1/credentials/integrator', { json: token() })).status).toBe(204);
    expect((await api.call('PUT', sellerPath('credentials', OTHER_NIP), { json: shared })).status).toBe(204);
    expect(await api.ledger.credentialOf(OTHER_NIP)).toMatchObject({ token: 'secret-token-text' });
    await api.call('PUT', '/v1/credentials/integrator', { json: token('another') });
    expect(await api.ledger.credentialOf(OTHER_NIP)).toMatchObject({ token: 'another' });
  });

  it('are shared with a seller by a key for all sellers alone, whether there are any of the name or not', async () => {
    await api.call('PUT', '/v1/credentials/integrator', { json: token() });
    const key = await api.key('admin', [NIP]);
    for (const name of ['integrator', 'no-such']) {
      const put = await api.call('PUT', CREDENTIALS, { json: { type: 'shared', name }, key });
      expect([put.status, put.json.code]).toEqual([403, 'FORBIDDEN']);
    }
    expect((await api.call('PUT', CREDENTIALS, { json: token('own'), key })).status).toBe(204);
    expect(await api.ledger.credentialOf(NIP)).toMatchObject({ token: 'own' });
  });

  it.each<[string, object | string, number, string]>([
    ['an unknown type', { type: 'password', token: 'secret-x' }, 400, 'INVALID_CREDENTIALS'],
    ['no token', { type: 'ksefToken' }, 400, 'INVALID_CREDENTIALS'],
    ['an empty token', token(' '), 400, 'INVALID_CREDENTIALS'],
    ['a token that is no text', { type: 'ksefToken', token: ['secret-x'] }, 400, 'INVALID_CREDENTIALS'],
    ['no object', 'null', 400, 'INVALID_CREDENTIALS'],
    ['a shared name that is none', { type: 'shared', name: '../secret-x' }, 400, 'INVALID_CREDENTIALS'],
    ['broken JSON', '{"type":"ksefToken","token":"secret-x"', 400, 'MALFORMED_BODY'],
  ])('are refused without being repeated (%s)', async (_what, body, expected, code) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await api.call('PUT', CREDENTIALS, { body: text, type: 'application/json' });
    expect([answer.status, answer.json.code]).toEqual([expected, code]);
    expect(answer.text).not.toContain('secret-x');
    expect(api.logged.join('')).not.toContain('secret-x');
  });

  it('are readable by nobody', async () => {
    const { rows } = await api.ledger.pool.query('SELECT *, sealed::text FROM credentials');
    expect(JSON.stringify(rows)).not.toContain('secret-token-text');
    expect(api.logged.join('')).not.toContain('secret-token-text');
    const read = await api.call('GET', CREDENTIALS);
    expect(read.status).toBe(405);
  });
});

describe('the status of a seller', () => {
  it('says in plain words what to do, whatever stands in the way', async () => {
    const reason = async () => {
      const { ready, reason: text } = await status();
      return `${ready}: ${text}`;
    };
    expect(await reason()).toMatch(/^false: There has been no login yet/);
    await api.ledger.beginLogin(NIP, 'test', NOW, 60_000);
    expect(await status()).toMatchObject({ authentication: { state: 'opening' } });
    expect(await reason()).toMatch(/^false: The login at KSeF is being opened/);
    await api.ledger.failLogin(NIP, 'test', 'refused', '450 bad token', NOW);
    expect(await reason()).toMatch(/^false: KSeF refused the login \(450 bad token\)\. Put good credentials/);
    await api.call('PUT', CREDENTIALS, { json: token() });
    await logIn(['InvoiceRead']);
    expect(await reason()).toMatch(/^false: This login may not send invoices: it has InvoiceRead/);
    await api.call('PUT', CREDENTIALS, { json: token() });
    await logIn();
    expect(await status()).toMatchObject({
      ready: true,
      reason: null,
      authentication: {
        state: 'active',
        method: 'ksefToken',
        permissions: ['InvoiceWrite'],
        recommendedMissing: ['InvoiceRead', 'Introspection'],
        lastError: null,
      },
    });
    await api.call('POST', sellerPath('pause'));
    expect(await reason()).toMatch(/^false: Sending is paused for this seller\. Resume it with POST/);
    await api.call('POST', sellerPath('resume'));
    await api.call('POST', '/v1/pause', { body: '', type: 'application/json' });
    expect(await reason()).toMatch(/^false: Sending is paused for all sellers/);
    await api.call('POST', '/v1/resume');
    const asked = { nip: NIP, askedAt: NOW };
    await api.ledger.askReconciliation({ nip: NIP, since: NOW, actor: 'test', now: NOW });
    expect(await reason()).toMatch(/^false: This ledger does not know all that KSeF got since .*asked, and/);
    await api.ledger.putOffReconciliation(NIP, NOW, 'KSeF is still working on a session');
    expect(await status()).toMatchObject({
      reconciling: { since: NOW.toISOString(), lastError: 'KSeF is still working on a session' },
      nextDispatchAt: null,
    });
    const credential = await api.ledger.credentialOf(NIP);
    for (const kind of ['batch', 'interactive'] as const)
      await api.ledger.recordListed(
        asked,
        credential?.id ?? '',
        { kind, sessions: [], stillUntil: null },
        NOW,
      );
    await api.ledger.finishReconciliation(asked, NOW);
    expect(await status()).toMatchObject({ ready: true, reconciling: null });
    for (let failure = 0; failure < 10; failure += 1)
      await api.ledger.recordConnection(false, null, 'openBatch: 503', NOW);
    expect(await status()).toMatchObject({ ready: false, connection: { state: 'down' } });
    expect(await reason()).toMatch(/^false: KSeF does not answer \(openBatch: 503\)/);
    await api.ledger.recordConnection(true, 29, null, NOW);
    expect(await status()).toMatchObject({ ready: true, connection: { state: 'up', latencyMs: 29 } });
    api.setNow(new Date(NOW.getTime() + 2 * 86_400_000));
    expect(await status()).toMatchObject({ ready: true, authentication: { state: 'expired' } });
    api.setNow(NOW);
  });

  it('tells limits and when the next dispatch is', async () => {
    const told = await status();
    expect(told.limits).toContainEqual({ group: 'batchSession', used: 0, limit: 60, windowSeconds: 3600 });
    expect(told.nextDispatchAt).toEqual(expect.any(String));
  });

  it('says what is missing where KSeF lets no login see what was sent', async () => {
    await api.call('POST', sellerPath('invoices'), {
      json: { invoices: goodXmls(2).map((xml) => ({ xml })) },
    });
    const words = 'KSeF sessionStatus: 403 Forbidden';
    await api.ledger.recordShutOut(await sendAll(api, NIP), words, NOW);
    expect(await status()).toMatchObject({ ready: true, reason: expect.stringContaining(words) });
    expect((await status()).reason).toContain(`PUT ${CREDENTIALS}`);
  });
});

describe('sellers', () => {
  it('are listed by NIP, page by page', async () => {
    const first = sellerPage.parse((await api.call('GET', '/v1/sellers?limit=1')).json);
    const next = await api.call('GET', `/v1/sellers?limit=1&cursor=${first.nextCursor}`);
    const second = sellerPage.parse(next.json);
    expect([...first.items, ...second.items].map(({ nip }) => nip)).toEqual([OTHER_NIP, NIP]);
    expect(second.nextCursor).toBeNull();
  });

  it('are not paused where they are not known', async () => {
    const answer = await api.call('POST', sellerPath('pause', '9999999999'));
    expect([answer.status, answer.json.code]).toEqual([404, 'UNKNOWN_SELLER']);
  });
});
