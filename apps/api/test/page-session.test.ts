import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pageSession } from '../src/schemas/page-session.ts';
import { goodXml, sellerPath } from './support/invoices.ts';
import { loginOnPage } from './support/page.ts';
import { ADMIN, NIP, OTHER_NIP, startTestApi, type TestApi, TODAY } from './support/test-api.ts';

const START = new Date(`${TODAY}T10:00:00Z`);
const HOUR_MS = 3_600_000;
const later = (ms: number): Date => new Date(START.getTime() + ms);

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.call('POST', sellerPath('invoices'), { body: goodXml(), type: 'text/xml' });
});
afterAll(() => api.close());
afterEach(() => api.setNow(START));

async function login(key: string | undefined, headers: Record<string, string> = {}) {
  const answer = await api.call('POST', '/v1/session', { key: null, json: { key }, headers });
  return [answer.status, answer.json.code ?? answer.json.actor];
}

async function events(): Promise<string[]> {
  const { rows } = await api.ledger.pool.query(
    `SELECT type, actor FROM events WHERE type LIKE 'page.%' ORDER BY id`,
  );
  return rows.map(({ type, actor }) => `${type} ${actor}`);
}

describe('logging in on a page', () => {
  it('gives a cookie that no script reads and no other site sends, kept hashed and written down', async () => {
    const page = await loginOnPage(api);
    expect(page.login.status).toBe(200);
    expect(pageSession.parse(page.login.json)).toEqual({
      actor: 'admin-token',
      role: 'admin',
      sellers: 'all',
      expiresAt: later(12 * HOUR_MS).toISOString(),
    });
    const cookie = page.login.headers.get('set-cookie') ?? '';
    for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(cookie).toContain(attribute);
    expect(cookie).not.toContain('Secure');
    const { rows } = await api.ledger.pool.query('SELECT * FROM page_sessions');
    const [, token = ''] = page.cookie.split('=');
    expect(token).toHaveLength(43);
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(JSON.stringify(rows)).not.toContain(ADMIN);
    expect(await events()).toContain('page.opened admin-token');
    expect((await page.call('GET', '/v1/session')).json).toEqual(page.login.json);
  });

  it('keeps the cookie to TLS wherever it leaves the machine', async () => {
    const cookieFor = async (host: string) => {
      const { headers } = await api.app.inject({
        method: 'POST',
        url: '/v1/session',
        headers: { host },
        payload: { key: ADMIN },
      });
      return String(headers['set-cookie']);
    };
    expect(await cookieFor('wsad.example')).toContain('Secure');
    expect(await cookieFor('127.0.0.1.example:8080')).toContain('Secure');
    for (const host of ['localhost:8080', '127.0.0.1:8080', '[::1]:8080'])
      expect(await cookieFor(host)).not.toContain('Secure');
  });

  it('lets its holder do what the key may, and no more', async () => {
    const key = await api.key('read', [NIP]);
    const page = await loginOnPage(api, key);
    expect(page.login.json).toMatchObject({ role: 'read', sellers: [NIP] });
    expect((await page.call('GET', '/v1/sellers')).json.items).toMatchObject([{ nip: NIP }]);
    expect((await page.call('GET', sellerPath('status'))).status).toBe(200);
    expect((await page.call('GET', sellerPath('status', OTHER_NIP))).status).toBe(403);
    expect((await page.call('POST', sellerPath('pause'))).status).toBe(403);
    expect((await page.call('GET', '/admin/queues')).status).toBe(403);
    expect((await (await loginOnPage(api)).call('GET', '/admin/queues')).status).toBe(200);
  });

  it('names the key itself where it came as such', async () => {
    const answer = await api.call('GET', '/v1/session');
    expect(pageSession.parse(answer.json)).toMatchObject({ actor: 'admin-token', expiresAt: null });
  });
});

describe('a session of a page', () => {
  const look = (page: Awaited<ReturnType<typeof loginOnPage>>) =>
    page.call('GET', '/v1/session').then(({ status }) => status);

  it('ends 12 hours after its last use, and 7 days after its beginning', async () => {
    const idle = await loginOnPage(api);
    const busy = await loginOnPage(api);
    for (let hours = 10; hours < 24 * 7; hours += 10) {
      api.setNow(later(hours * HOUR_MS));
      expect(await look(busy)).toBe(200);
    }
    expect(await look(idle)).toBe(401);
    api.setNow(later(24 * 7 * HOUR_MS));
    expect(await look(busy)).toBe(401);
    await api.ledger.tidy(later(24 * 15 * HOUR_MS));
    expect((await api.ledger.pool.query('SELECT FROM page_sessions')).rowCount).toBe(0);
  });

  it('ends with its key, with a logout, and with another ADMIN_TOKEN', async () => {
    const made = await api.call('POST', '/v1/keys', { json: { name: 'a', role: 'admin', sellers: 'all' } });
    const page = await loginOnPage(api, made.json.key);
    expect(await look(page)).toBe(200);
    await api.call('DELETE', `/v1/keys/${made.json.id}`);
    expect(await look(page)).toBe(401);

    const left = await loginOnPage(api);
    const out = await left.call('DELETE', '/v1/session');
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/^wsad_session=;.*Expires=Thu, 01 Jan 1970/);
    expect(await look(left)).toBe(401);
    expect((await events()).at(-1)).toBe('page.closed admin-token');

    const changed = await startTestApi({ adminToken: 'another', ledger: api.ledger });
    const stayed = await loginOnPage(api);
    const elsewhere = await changed.call('GET', '/v1/session', {
      key: null,
      headers: { cookie: stayed.cookie },
    });
    expect([await look(stayed), elsewhere.status]).toEqual([200, 401]);
    await changed.close();
  });

  it.each(['wsad_session=', 'wsad_session=abc', 'wsad_session=%00', 'other=1', 'wsad_session'])(
    'is none for %j',
    async (cookie) => {
      const answer = await api.call('GET', '/v1/session', { key: null, headers: { cookie } });
      expect([answer.status, answer.json.code]).toEqual([401, 'UNAUTHENTICATED']);
    },
  );
});

describe('calls from elsewhere', () => {
  const pause = async (headers: Record<string, string>) => {
    const { cookie } = await loginOnPage(api);
    const answer = await api.call('POST', '/v1/pause', { key: null, headers: { cookie, ...headers } });
    return answer.status;
  };
  const ours = { 'x-wsad-page': '1' };

  it('change nothing by the cookie alone', async () => {
    expect(await pause({})).toBe(403);
    expect(await pause({ 'x-wsad-page': '0' })).toBe(403);
    expect(await pause({ ...ours, origin: 'https://evil.example' })).toBe(403);
    expect(await pause({ ...ours, origin: 'null' })).toBe(403);
    expect(await pause({ ...ours, 'sec-fetch-site': 'cross-site', origin: api.url })).toBe(403);
    expect(await pause({ ...ours, 'sec-fetch-site': 'same-site' })).toBe(403);
    expect((await api.ledger.pool.query('SELECT FROM settings WHERE paused_at IS NOT NULL')).rowCount).toBe(
      0,
    );
  });

  it('are ours where the browser says so, or says nothing', async () => {
    expect(await pause(ours)).toBe(204);
    expect(await pause({ ...ours, origin: api.url })).toBe(204);
    expect(await pause({ ...ours, origin: 'https://behind.a.proxy', 'sec-fetch-site': 'same-origin' })).toBe(
      204,
    );
    await api.call('POST', '/v1/resume');
  });

  it('log nobody in', async () => {
    expect(await login(ADMIN, { origin: 'https://evil.example' })).toEqual([403, 'FORBIDDEN']);
    expect(await login(ADMIN, { 'sec-fetch-site': 'cross-site' })).toEqual([403, 'FORBIDDEN']);
  });

  it('do nothing at Bull Board, whose own page sends no header of ours', async () => {
    const { cookie } = await loginOnPage(api);
    const act = async (headers: Record<string, string>) =>
      (
        await api.call('PUT', '/admin/queues/api/queues/x/retry/failed', {
          key: null,
          headers: { cookie, ...headers },
        })
      ).status;
    expect(await act({})).toBe(403);
    expect(await act({ origin: 'https://evil.example' })).toBe(403);
    expect(await act({ origin: api.url })).toBe(404);
  });

  it('are judged by the key where one comes beside the cookie', async () => {
    const { cookie } = await loginOnPage(api);
    const answer = await api.call('POST', '/v1/resume', { headers: { cookie } });
    expect(answer.status).toBe(204);
    const wrong = await api.call('GET', '/v1/session', { key: 'wrong', headers: { cookie } });
    expect(wrong.status).toBe(401);
  });
});

describe('wrong keys', () => {
  it('are refused, and after ten within a minute their address has to wait', async () => {
    const own = await startTestApi({ ledger: api.ledger });
    const attempt = async (key: string) => {
      const answer = await own.call('POST', '/v1/session', { key: null, json: { key } });
      return [answer.status, answer.headers.get('retry-after')];
    };
    for (let time = 0; time < 10; time += 1) expect(await attempt('wrong')).toEqual([401, null]);
    expect(await attempt('wrong')).toEqual([429, '60']);
    own.setNow(later(45_000));
    expect(await attempt(ADMIN)).toEqual([429, '15']);
    own.setNow(later(60_000));
    expect(await attempt('wrong')).toEqual([401, null]);
    expect(await attempt(ADMIN)).toEqual([200, null]);
    await own.close();
  });

  it('are counted by the address that a named proxy tells, and nobody else is believed', async () => {
    const own = await startTestApi({ ledger: api.ledger, trustedProxies: ['10.0.0.0/8'] });
    const attempt = async (remoteAddress: string, forwardedFor: string) => {
      const headers = { 'x-forwarded-for': forwardedFor };
      const payload = { key: 'wrong' };
      const call = { method: 'POST', url: '/v1/session', remoteAddress, headers, payload } as const;
      return (await own.app.inject(call)).statusCode;
    };
    for (let time = 0; time < 10; time += 1) {
      expect(await attempt('10.1.2.3', `6.6.6.${time}, 203.0.113.7, 10.9.9.9`)).toBe(401);
      expect(await attempt('192.0.2.1', `203.0.113.${time}`)).toBe(401);
    }
    expect(await attempt('10.1.2.3', '203.0.113.7')).toBe(429);
    expect(await attempt('10.1.2.3', '203.0.113.8')).toBe(401);
    expect(await attempt('192.0.2.1', '203.0.113.99')).toBe(429);
    await own.close();
  });

  it.each([{}, { key: '' }, { key: 7 }, { key: 'a'.repeat(501) }])('are none of %j', async (json) => {
    const answer = await api.call('POST', '/v1/session', { key: null, json });
    expect([answer.status, answer.json.code]).toEqual([400, 'INVALID_REQUEST']);
  });
});

it('logs no token and no key', async () => {
  const page = await loginOnPage(api);
  await page.call('GET', '/v1/session');
  const [, token = ''] = page.cookie.split('=');
  expect(api.logged.join('')).not.toContain(token);
  expect(api.logged.join('')).not.toContain(ADMIN);
});
