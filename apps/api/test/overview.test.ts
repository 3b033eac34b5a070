import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { overview } from '../src/schemas/overview.ts';
import { goodXml, sellerPath } from './support/invoices.ts';
import { loginOnPage } from './support/page.ts';
import { sendAndSettle } from './support/sending.ts';
import { ADMIN, NIP, OTHER_NIP, startTestApi, type TestApi, TODAY } from './support/test-api.ts';

let api: TestApi;
let seconds = 0;
let queueAnswers = true;
beforeAll(async () => {
  api = await startTestApi({ queueAnswers: async () => queueAnswers });
  await api.call('PUT', sellerPath('credentials'), { json: { type: 'ksefToken', token: 't' } });
});
afterAll(() => api.close());

const later = () => {
  seconds += 2;
  const now = new Date(Date.parse(`${TODAY}T10:00:00Z`) + seconds * 1000);
  api.setNow(now);
  return now;
};
const send = (nip = NIP) =>
  api.call('POST', sellerPath('invoices', nip), { body: goodXml({ nip }), type: 'text/xml' });
async function seen(query = '', key = ADMIN) {
  return overview.parse((await api.call('GET', `/v1/overview${query}`, { key })).json);
}

describe('the overview', () => {
  it('tells a key of its own sellers alone', async () => {
    await send();
    await sendAndSettle(api, NIP);
    await send();
    await send(OTHER_NIP);
    later();
    const all = await seen();
    expect(all.byState).toEqual({ accepted: 1, held: 1, cleared: 1 });
    expect(all.connection.state).toBe('up');
    expect(all.paused).toBe(false);
    const own = await api.key('read', [NIP]);
    expect((await seen('', own)).byState).toEqual({ accepted: 1, cleared: 1 });
    expect((await seen(`?nip=${OTHER_NIP}`)).byState).toEqual({ held: 1 });
  });

  it('is read once a second, however many look', async () => {
    const before = await seen();
    await send();
    expect(await seen()).toEqual(before);
    later();
    const now = await seen();
    expect(now.byState.accepted).toBe((before.byState.accepted ?? 0) + 1);
    expect(now.at > before.at).toBe(true);
  });

  it('says in words what is out of order', async () => {
    await api.call('POST', '/v1/pause');
    for (let time = 0; time < 5; time += 1)
      await api.ledger.recordConnection(false, null, 'no answer', new Date(`${TODAY}T10:00:00Z`));
    later();
    const { incidents, paused } = await seen();
    expect(paused).toBe(true);
    expect(incidents.map(({ kind }) => kind)).toEqual(['ksefDown', 'allPaused']);
    expect(incidents[0]?.text).toContain('(no answer)');
    await api.call('POST', '/v1/resume');
  });

  it('says of whose invoices what is stored is damaged, and what to do', async () => {
    const holdAll = (from: string, to: string) =>
      api.ledger.pool.query('UPDATE invoices SET hold_cause = $2 WHERE hold_cause = $1', [from, to]);
    await holdAll('no_credentials', 'payload_damaged');
    later();
    const told = (await seen()).incidents.filter(({ kind }) => kind === 'payloadDamaged');
    expect(told).toMatchObject([{ nip: OTHER_NIP, text: expect.stringMatching(/: 1 of .* hand the same/) }]);
    await holdAll('payload_damaged', 'no_credentials');
  });

  it('names a webhook by its host alone, and the queue since it was first seen not to answer', async () => {
    const hook = { url: 'https://shop.example/in?token=secret', sellers: [NIP] };
    const { id } = (await api.call('POST', '/v1/webhooks', { json: hook })).json as { id: string };
    const began = later();
    const delivery = await api.ledger.sendTestDelivery({ id, actor: 'a', sellers: 'all', now: began });
    const claimed = await api.ledger.claimDelivery(id, began, 1);
    expect(delivery.kind).toBe('done');
    const gone = { kind: 'failed', status: 410, why: 'it answered 410' } as const;
    await api.ledger.recordDelivery({ id: claimed?.id ?? '', webhookId: id }, gone, began, 0);
    queueAnswers = false;
    const since = later().toISOString();
    await seen();
    later();
    const told = (await seen()).incidents.filter(({ kind }) => /^(webhook|queue)/.test(kind));
    expect(told).toMatchObject([
      { kind: 'queueUnreachable', since },
      { kind: 'webhookDisabled', since: began.toISOString() },
    ]);
    expect(told[1]?.text).toMatch(/to shop\.example was disabled/);
    queueAnswers = true;
    later();
    expect((await seen()).incidents.map(({ kind }) => kind)).not.toContain('queueUnreachable');
    await api.call('DELETE', `/v1/webhooks/${id}`);
  });
});

describe('its events', () => {
  async function open(headers: Record<string, string>) {
    const answer = await fetch(`${api.url}/v1/overview/events`, { headers });
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    return async () => {
      for (;;) {
        const [, data] = /event: overview\ndata: (.*)\n\n/.exec(text) ?? [];
        if (data !== undefined) {
          text = text.slice(text.indexOf('\n\n', text.indexOf('data: ')) + 2);
          return overview.parse(JSON.parse(data));
        }
        const { value, done } = await reader.read();
        if (done) return null;
        text += value;
      }
    };
  }

  it('come at once and on every change, and end with the session of the page', async () => {
    const page = await loginOnPage(api);
    const next = await open({ cookie: page.cookie });
    const first = await next();
    await send();
    later();
    const second = await next();
    expect(second?.byState.accepted).toBe((first?.byState.accepted ?? 0) + 1);
    await page.call('DELETE', '/v1/session');
    expect(await next()).toBeNull();
  });
});
