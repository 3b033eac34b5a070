import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goodXml, sellerPath } from './support/invoices.ts';
import { NIP, OTHER_NIP, startTestApi, type TestApi, TODAY } from './support/test-api.ts';

let api: TestApi;
let ofSeller: string;
beforeAll(async () => {
  api = await startTestApi({ webhookHosts: ['127.0.0.1'] });
  ofSeller = await api.key('admin', [NIP]);
});
afterAll(() => api.close());

const WISH = { url: 'https://example.com/hook', sellers: [NIP] };

async function make(wish: object = WISH, key?: string): Promise<{ id: string; secret: string }> {
  const answer = await api.call('POST', '/v1/webhooks', { json: wish, ...(key !== undefined && { key }) });
  expect(answer.status).toBe(201);
  return answer.json;
}

describe('a webhook', () => {
  it('is made, told of without its secret, changed and deleted', async () => {
    const { id, secret } = await make({ ...WISH, events: ['invoice.cleared'], description: 'ours' });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const shown = await api.call('GET', `/v1/webhooks/${id}`);
    expect(shown.json).toEqual({
      ...{ id, url: WISH.url, description: 'ours', events: ['invoice.cleared'], sellers: [NIP] },
      ...{ createdAt: `${TODAY}T10:00:00.000Z`, active: true, disabledAt: null, disabledWhy: null },
      ...{ failures: 0, failingSince: null, lastSuccessAt: null, earlierSecretUntil: null },
    });
    expect((await api.call('GET', '/v1/webhooks')).json.items).toEqual([shown.json]);
    const changed = await api.call('PATCH', `/v1/webhooks/${id}`, { json: { events: 'all', active: false } });
    expect(changed.json).toMatchObject({
      events: 'all',
      active: false,
      disabledWhy: 'person',
      description: 'ours',
    });
    expect((await api.call('POST', `/v1/webhooks/${id}/test`)).json.code).toBe('WEBHOOK_DISABLED');
    expect((await api.call('DELETE', `/v1/webhooks/${id}`)).status).toBe(204);
    expect((await api.call('GET', `/v1/webhooks/${id}`)).status).toBe(404);
  });

  it('is answered as usual where it is saved as it is', async () => {
    const { id } = await make();
    const shown = (await api.call('GET', `/v1/webhooks/${id}`)).json;
    const { url, description, events, sellers, active } = shown;
    const saved = await api.call('PATCH', `/v1/webhooks/${id}`, {
      json: { url, description, events, sellers, active },
    });
    expect([saved.status, saved.json]).toEqual([200, shown]);
  });

  it('goes to a public https address or to a host that the operator named', async () => {
    const refused = [
      'http://example.com',
      'https://10.0.0.1/',
      'https://[::1]/',
      'https://u:p@example.com',
      'x',
    ];
    for (const url of refused)
      expect((await api.call('POST', '/v1/webhooks', { json: { ...WISH, url } })).json).toMatchObject({
        status: 400,
        code: 'INVALID_WEBHOOK',
      });
    const { id } = await make({ ...WISH, url: 'http://127.0.0.1:9/' });
    const changed = await api.call('PATCH', `/v1/webhooks/${id}`, { json: { url: refused[1] } });
    expect(changed.json.code).toBe('INVALID_WEBHOOK');
  });

  it('is for those alone who administer all of its sellers', async () => {
    const { id: mine } = await make(WISH, ofSeller);
    const { id: other } = await make({ ...WISH, sellers: [NIP, OTHER_NIP] });
    const ids = (await api.call('GET', '/v1/webhooks', { key: ofSeller })).json.items.map(
      (item: { id: string }) => item.id,
    );
    expect(ids).toContain(mine);
    expect(ids).not.toContain(other);
    const calls = [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/rotate'],
      ['POST', '/test'],
      ['GET', '/deliveries'],
      ['POST', '/deliveries/x/redeliver'],
    ] as const;
    for (const [method, path] of calls)
      expect((await api.call(method, `/v1/webhooks/${other}${path}`, { key: ofSeller })).status).toBe(404);
    for (const sellers of ['all', [OTHER_NIP]])
      for (const [method, path] of [
        ['POST', ''],
        ['PATCH', `/${mine}`],
      ] as const)
        expect(
          (await api.call(method, `/v1/webhooks${path}`, { key: ofSeller, json: { ...WISH, sellers } }))
            .status,
        ).toBe(403);
    const submit = await api.key('submit', 'all');
    expect((await api.call('GET', '/v1/webhooks', { key: submit })).status).toBe(403);
  });

  it('has its secret changed, and the one before goes on for a day', async () => {
    const { id, secret } = await make();
    const rotated = await api.call('POST', `/v1/webhooks/${id}/rotate`);
    expect(rotated.json).toEqual({
      secret: expect.stringMatching(/^whsec_/),
      earlierUntil: '2026-10-21T10:00:00.000Z',
    });
    expect(rotated.json.secret).not.toBe(secret);
    expect((await api.call('GET', `/v1/webhooks/${id}`)).json.earlierSecretUntil).toBe(
      rotated.json.earlierUntil,
    );
  });

  it('leaves neither its secret nor its address in a log', () => {
    const logged = api.logged.join('');
    for (const secret of ['whsec_', 'example.com']) expect(logged).not.toContain(secret);
  });
});

describe('deliveries', () => {
  it('are listed newest first, in pages and by state, and sent again', async () => {
    const { id } = await make({ ...WISH, events: ['invoice.held'] });
    await api.call('POST', sellerPath('invoices'), { json: { invoices: [{ xml: goodXml() }] } });
    const now = new Date(`${TODAY}T10:00:01Z`);
    while ((await api.ledger.gatherWebhooks(now)) > 0);
    const held = await api.ledger.claimDelivery(id, now, 15_000);
    if (held === null) throw new Error('nothing is due');
    await api.ledger.recordDelivery(held, { kind: 'failed', status: 500, why: 'it answered 500' }, now, 0.5);
    const { deliveryId } = (await api.call('POST', `/v1/webhooks/${id}/test`)).json;
    const list = async (query: string) =>
      (await api.call('GET', `/v1/webhooks/${id}/deliveries${query}`)).json;
    const first = await list('?limit=1');
    const second = await list(`?limit=1&cursor=${first.nextCursor}`);
    const both = [...first.items, ...second.items];
    expect(both.map((item) => item.event).toSorted()).toEqual(['invoice.held', 'webhook.test']);
    expect(both.find((item) => item.id === held.id)).toEqual({
      ...{
        id: held.id,
        event: 'invoice.held',
        items: 1,
        createdAt: now.toISOString(),
        state: 'pending',
        tries: 1,
      },
      ...{ nextAt: `${TODAY}T10:00:06.000Z`, lastTriedAt: now.toISOString() },
      ...{ lastStatus: 500, lastError: 'it answered 500' },
    });
    expect(both.some((item) => item.id === deliveryId)).toBe(true);
    expect((await list('?state=failed')).items).toEqual([]);
    expect((await list('?cursor=none')).code).toBe('INVALID_REQUEST');
    const again = await api.call('POST', `/v1/webhooks/${id}/deliveries/${held.id}/redeliver`);
    expect([again.status, again.json]).toEqual([202, { deliveryId: held.id }]);
    expect((await api.call('POST', `/v1/webhooks/${id}/deliveries/x/redeliver`)).status).toBe(404);
  });
});
