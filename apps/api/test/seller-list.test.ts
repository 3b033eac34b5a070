import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sellerPage } from '../src/schemas/seller-status.ts';
import { goodXml, sellerPath } from './support/invoices.ts';
import { ADMIN, startTestApi, type TestApi } from './support/test-api.ts';

const NOW = new Date('2026-10-20T10:00:00Z');
/** In order. */
const SELLERS = {
  empty: '1111111111',
  loggedIn: '1111111112',
  paused: '1122222222',
  refused: '2222222221',
  shortOfPermission: '2222222222',
  behind: '3333333333',
  unreachable: '4444444444',
};

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  const { ledger } = api;
  for (const nip of Object.values(SELLERS)) {
    const body = goodXml({ nip });
    await api.call('POST', sellerPath('invoices', nip), { body, type: 'text/xml' });
    if (nip === SELLERS.empty) continue;
    await api.call('PUT', sellerPath('credentials', nip), { json: { type: 'ksefToken', token: 't' } });
    await logIn(nip, nip === SELLERS.shortOfPermission ? ['InvoiceRead'] : ['InvoiceWrite']);
  }
  await ledger.pauseSeller(SELLERS.paused, 'anna', NOW);
  await ledger.askReconciliation({ nip: SELLERS.behind, since: NOW, actor: 'anna', now: NOW });
  await ledger.pool.query(`UPDATE authentications SET state = 'refused', last_error = '450' WHERE nip = $1`, [
    SELLERS.refused,
  ]);
  await ledger.pool.query(
    `INSERT INTO ksef_gates (key, troubled, opened_at, shut_until) VALUES ($1, true, $2, $3)`,
    [`default|${SELLERS.unreachable}`, NOW, new Date(NOW.getTime() + 60_000)],
  );
});
afterAll(() => api.close());

async function logIn(nip: string, permissions: string[]): Promise<void> {
  const credential = await api.ledger.credentialOf(nip);
  await api.ledger.beginLogin(nip, 'test', NOW, 60_000);
  const tokens = {
    accessToken: 'a',
    accessUntil: new Date(NOW.getTime() + 900_000),
    refreshToken: 'r',
    refreshUntil: new Date(NOW.getTime() + 86_400_000),
    permissions,
  };
  await api.ledger.finishLogin(nip, 'test', credential?.id ?? '', 'ksefToken', tokens, NOW);
}

async function list(query = '', key = ADMIN) {
  return sellerPage.parse((await api.call('GET', `/v1/sellers${query}`, { key })).json);
}
const nipsOf = ({ items }: Awaited<ReturnType<typeof list>>) => items.map(({ nip }) => nip);

describe('the list of sellers', () => {
  it('knows nobody of whom there is nothing but invoices that were refused', async () => {
    const nip = '5265877635';
    const { status } = await api.call('POST', sellerPath('invoices', nip), {
      body: '<Faktura/>',
      type: 'text/xml',
    });
    expect(status).toBe(422);
    expect(nipsOf(await list(`?query=${nip}`))).toEqual([]);
    await api.call('PUT', sellerPath('credentials', nip), { json: { type: 'ksefToken', token: 't' } });
    expect(nipsOf(await list(`?query=${nip}`))).toEqual([nip]);
    await api.ledger.pool.query('UPDATE credentials SET retired_at = $2 WHERE nip = $1', [nip, NOW]);
  });

  it('says of each what its own status says', async () => {
    const { items } = await list();
    expect(items.map(({ nip }) => nip)).toEqual(Object.values(SELLERS));
    for (const item of items) {
      const { json } = await api.call('GET', sellerPath('status', item.nip));
      const { state, method, validUntil } = json.authentication;
      const { ready, reason, pending, held } = json;
      expect(item).toMatchObject({ authentication: state, method, validUntil, ready, reason, pending, held });
    }
    expect(items.filter(({ ready }) => ready).map(({ nip }) => nip)).toEqual([SELLERS.loggedIn]);
    expect(new Set(items.map(({ reason }) => reason)).size).toBe(items.length);
  });

  it('is cut down to the beginning of a NIP, and to those that can send or cannot', async () => {
    expect(nipsOf(await list('?query=11'))).toEqual([SELLERS.empty, SELLERS.loggedIn, SELLERS.paused]);
    expect(nipsOf(await list('?query=9'))).toEqual([]);
    expect(nipsOf(await list('?ready=true'))).toEqual([SELLERS.loggedIn]);
    expect(nipsOf(await list('?ready=false&query=11'))).toEqual([SELLERS.empty, SELLERS.paused]);
    for (const query of ['?query=a', '?query=%25', '?ready=maybe', '?cursor=x'])
      expect((await api.call('GET', `/v1/sellers${query}`)).json.code).toBe('INVALID_REQUEST');
  });

  it('comes in pages that leave nobody out, whatever it is cut down to', async () => {
    for (const filter of ['', '&ready=false', '&ready=true', '&query=2']) {
      const whole = nipsOf(await list(`?limit=100${filter}`));
      const found: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: Awaited<ReturnType<typeof list>> = await list(`?limit=2&cursor=${cursor}${filter}`);
        expect(page.items.length).toBeLessThanOrEqual(2);
        found.push(...nipsOf(page));
        cursor = page.nextCursor;
      }
      expect(found).toEqual(whole);
    }
  });

  it('costs as many questions for many sellers as for one', async () => {
    const { pool } = api.ledger;
    const asked: string[] = [];
    const query = pool.query.bind(pool);
    pool.query = ((...args: Parameters<typeof query>) => {
      asked.push(String(args[0]));
      return query(...args);
    }) as typeof pool.query;
    await list('?limit=1');
    const forOne = asked.splice(0).length;
    await list();
    expect(asked.length).toBe(forOne);
    pool.query = query;
  });
});
