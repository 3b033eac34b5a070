import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createdKey, keyList } from '../src/schemas/keys.ts';
import { goodXml, sellerPath } from './support/invoices.ts';
import { ADMIN, NIP, OTHER_NIP, startTestApi, type TestApi } from './support/test-api.ts';

type Holder = 'nobody' | 'read' | 'submit' | 'admin' | 'other' | 'administrator' | 'token';

let api: TestApi;
let invoiceId: string;
let submissionId: string;
const keys: Partial<Record<Holder, string | null>> = { nobody: null, token: ADMIN };

beforeAll(async () => {
  api = await startTestApi();
  const answer = await api.call('POST', sellerPath('invoices'), { body: goodXml(), type: 'text/xml' });
  invoiceId = answer.json.invoices[0].id;
  submissionId = answer.json.submissionId;
  keys.read = await api.key('read', [NIP]);
  keys.submit = await api.key('submit', [NIP]);
  keys.admin = await api.key('admin', [NIP]);
  keys.other = await api.key('admin', [OTHER_NIP]);
  keys.administrator = await api.key('admin', 'all');
});
afterAll(() => api.close());

const HOLDERS: Holder[] = ['nobody', 'read', 'submit', 'admin', 'other', 'administrator', 'token'];
const OPEN = [200, 200, 200, 200, 200, 200, 200];
/** Status for each of HOLDERS; "id" and "sub" stand for an invoice and a submission of the seller. */
const MATRIX: [string, string, number[]][] = [
  ['GET', '/healthz', OPEN],
  ['GET', '/readyz', OPEN],
  ['GET', '/', OPEN],
  ['GET', '/openapi.json', OPEN],
  ['GET', '/docs/', OPEN],
  ['GET', '/docs/errors', OPEN],
  ['GET', '/metrics', OPEN],
  ['GET', '/v1/sellers', [401, 200, 200, 200, 200, 200, 200]],
  ['GET', sellerPath('status'), [401, 200, 200, 200, 403, 200, 200]],
  ['POST', sellerPath('invoices'), [401, 403, 415, 415, 403, 415, 415]],
  ['PUT', sellerPath('credentials'), [401, 403, 403, 400, 403, 400, 400]],
  ['PUT', '/v1/credentials/name', [401, 403, 403, 403, 403, 400, 400]],
  ['POST', sellerPath('pause'), [401, 403, 204, 204, 403, 204, 204]],
  ['POST', sellerPath('resume'), [401, 403, 204, 204, 403, 204, 204]],
  ['POST', '/v1/pause', [401, 403, 403, 403, 403, 204, 204]],
  ['POST', '/v1/resume', [401, 403, 403, 403, 403, 204, 204]],
  ['GET', '/v1/invoices', [401, 200, 200, 200, 200, 200, 200]],
  ['GET', `/v1/invoices?nip=${NIP}`, [401, 200, 200, 200, 403, 200, 200]],
  ['GET', '/v1/invoices/id', [401, 200, 200, 200, 404, 200, 200]],
  ['GET', '/v1/invoices/id/xml', [401, 200, 200, 200, 404, 200, 200]],
  ['GET', '/v1/invoices/id/upo', [401, 202, 202, 202, 404, 202, 202]],
  ['POST', '/v1/invoices/id/retry', [401, 403, 200, 409, 404, 409, 409]],
  ['POST', '/v1/invoices/id/withdraw', [401, 403, 409, 409, 404, 409, 409]],
  ['GET', '/v1/held', [401, 200, 200, 200, 200, 200, 200]],
  ['GET', `/v1/held?nip=${NIP}`, [401, 200, 200, 200, 403, 200, 200]],
  ['POST', '/v1/invoices/retry', [401, 403, 400, 400, 400, 400, 400]],
  ['POST', '/v1/invoices/withdraw', [401, 403, 400, 400, 400, 400, 400]],
  ['POST', '/v1/invoices/id/resolve', [401, 403, 400, 400, 400, 400, 400]],
  ['GET', '/v1/submissions', [401, 200, 200, 200, 200, 200, 200]],
  ['GET', `/v1/submissions?nip=${NIP}`, [401, 200, 200, 200, 403, 200, 200]],
  ['GET', '/v1/submissions/sub', [401, 200, 200, 200, 404, 200, 200]],
  ['GET', '/v1/submissions/sub/report.csv', [401, 200, 200, 200, 404, 200, 200]],
  ['GET', '/v1/sessions', [401, 200, 200, 200, 200, 200, 200]],
  ['GET', `/v1/sessions?nip=${NIP}`, [401, 200, 200, 200, 403, 200, 200]],
  ['GET', '/v1/overview', [401, 200, 200, 200, 200, 200, 200]],
  ['GET', `/v1/overview?nip=${NIP}`, [401, 200, 200, 200, 403, 200, 200]],
  ['GET', `/v1/overview/events?nip=no`, [401, 400, 400, 400, 400, 400, 400]],
  ['GET', '/v1/keys', [401, 403, 403, 403, 403, 200, 200]],
  ['POST', '/v1/keys', [401, 403, 403, 403, 403, 400, 400]],
  ['DELETE', '/v1/keys/x', [401, 403, 403, 403, 403, 404, 404]],
  ['GET', '/admin/queues', [401, 403, 403, 403, 403, 200, 200]],
  ['GET', '/admin/queues/api/queues', [401, 403, 403, 403, 403, 200, 200]],
];

describe('roles', () => {
  it.each(MATRIX)('%s %s', async (method, path, expected) => {
    const address = path
      .replace(/\/id(?=\/|$)/, `/${invoiceId}`)
      .replace(/\/sub(?=\/|$)/, `/${submissionId}`);
    const statuses: number[] = [];
    for (const holder of HOLDERS)
      statuses.push((await api.call(method, address, { key: keys[holder] ?? null })).status);
    expect(Object.fromEntries(HOLDERS.map((holder, index) => [holder, statuses[index]]))).toEqual(
      Object.fromEntries(HOLDERS.map((holder, index) => [holder, expected[index]])),
    );
  });

  it('shows a key the invoices and sellers of its own alone', async () => {
    const mine = await api.call('GET', '/v1/invoices', { key: keys.read! });
    const others = await api.call('GET', '/v1/invoices', { key: keys.other! });
    expect(mine.json.items).toHaveLength(1);
    expect(others.json.items).toEqual([]);
    expect((await api.call('GET', '/v1/sellers', { key: keys.other! })).json.items).toEqual([]);
    expect((await api.call('GET', '/v1/sellers', { key: keys.read! })).json.items).toMatchObject([
      { nip: NIP },
    ]);
  });

  it('keeps every route of the API behind a key, save the few that are open', async () => {
    const { json } = await api.call('GET', '/openapi.json', { key: null });
    const open: string[] = [];
    for (const [path, methods] of Object.entries<Record<string, unknown>>(json.paths)) {
      for (const method of Object.keys(methods)) {
        const address = path.replaceAll(/\{\w+\}/g, 'x');
        const { status } = await api.call(method.toUpperCase(), address, { key: null });
        if (status !== 401) open.push(path);
      }
    }
    expect(open.sort()).toEqual(['/healthz', '/metrics', '/readyz', '/v1/session']);
  });
});

describe('keys', () => {
  it('are shown once, stored hashed, listed without themselves, and gone when deleted', async () => {
    const made = await api.call('POST', '/v1/keys', { json: { name: 'shop', role: 'read', sellers: 'all' } });
    expect(made.status).toBe(201);
    const { id, key } = createdKey.parse(made.json);
    const { rows } = await api.ledger.pool.query('SELECT * FROM api_keys');
    expect(JSON.stringify(rows)).not.toContain(key);

    const list = await api.call('GET', '/v1/keys');
    expect(keyList.parse(list.json).items).toContainEqual(
      expect.objectContaining({ id, name: 'shop', role: 'read', sellers: 'all' }),
    );
    expect(list.text).not.toContain(key);

    expect((await api.call('GET', '/v1/invoices', { key })).status).toBe(200);
    expect((await api.call('DELETE', `/v1/keys/${id}`)).status).toBe(204);
    const gone = await api.call('GET', '/v1/invoices', { key });
    expect([gone.status, gone.json.code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it.each([
    ['no NIP', { name: 'a', role: 'read', sellers: ['12'] }, 'INVALID_NIP'],
    ['no seller', { name: 'a', role: 'read', sellers: [] }, 'INVALID_REQUEST'],
    ['no role', { name: 'a', sellers: 'all' }, 'INVALID_REQUEST'],
    ['no name', { name: ' ', role: 'read', sellers: 'all' }, 'INVALID_REQUEST'],
  ])('need a proper order (%s)', async (_what, json, code) => {
    const answer = await api.call('POST', '/v1/keys', { json });
    expect([answer.status, answer.json.code]).toEqual([400, code]);
  });

  it.each(['', 'Bearer', 'Bearer ', 'Basic YTpi', 'Token abc', 'Bearer a b', 'Bearer wrong'])(
    'are refused where they are none: %j',
    async (authorization) => {
      const answer = await api.call('GET', '/v1/keys', { key: null, headers: { authorization } });
      expect([answer.status, answer.json.code]).toEqual([401, 'UNAUTHENTICATED']);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    },
  );
});

describe('Bull Board', () => {
  const basic = (password: string) => ({
    authorization: `Basic ${Buffer.from(`me:${password}`).toString('base64')}`,
  });

  it('asks a browser for the key as a password', async () => {
    const asked = await api.call('GET', '/admin/queues', { key: null });
    expect(asked.headers.get('www-authenticate')).toMatch(/^Basic /);
    const wrong = await api.call('GET', '/admin/queues', { key: null, headers: basic('wrong') });
    expect(wrong.status).toBe(401);
    const right = await api.call('GET', '/admin/queues', { key: null, headers: basic(ADMIN) });
    expect(right.status).toBe(200);
    expect(right.headers.get('www-authenticate')).toBeNull();
    expect(right.text).toContain('<html');
  });

  it('lets its page fetch nothing from elsewhere', async () => {
    const { headers } = await api.call('GET', '/admin/queues');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'self';/);
    expect(headers.get('content-security-policy')).not.toMatch(/https?:/);
  });
});

describe('in production', () => {
  it('minds the check digit of a NIP', async () => {
    const production = await startTestApi({ environment: 'PRD' });
    const answer = await production.call('GET', sellerPath('status', '5265877636'));
    expect([answer.status, answer.json.code]).toEqual([400, 'INVALID_NIP']);
    await production.close();
  });
});

it('logs no key', () => {
  expect(api.logged.length).toBeGreaterThan(10);
  for (const key of [ADMIN, ...Object.values(keys)])
    if (key !== null && key !== undefined) expect(api.logged.join('')).not.toContain(key);
});
