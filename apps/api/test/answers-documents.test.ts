import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { session, sessionPage } from '../src/schemas/session.ts';
import { handIn, startApiWithSellers } from './support/handing-in.ts';
import { goodXmls } from './support/invoices.ts';
import { nextMinute, sendAll, sendAndSettle, UPO, verdict } from './support/sending.ts';
import { NIP, OTHER_NIP, type TestApi } from './support/test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApiWithSellers();
});
afterAll(() => api.close());

const hand = (xmls: readonly string[], nip = NIP) => handIn(api, xmls, nip);

describe('the UPO', () => {
  it('comes byte for byte once it is there, and 202 until then', async () => {
    const { invoices } = await hand(goodXmls(6));
    const path = `/v1/invoices/${invoices[0]!.id}/upo`;
    const early = await api.call('GET', path);
    expect([early.status, early.json]).toEqual([202, { status: 'pending', state: 'accepted' }]);
    expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0);
    await sendAndSettle(api, NIP, { [invoices[1]!.sha256]: verdict(450) });
    const ready = await api.call('GET', path);
    expect([ready.status, ready.headers.get('content-type'), ready.text]).toEqual([
      200,
      'application/xml',
      UPO.toString('utf8'),
    ]);
    const none = await api.call('GET', `/v1/invoices/${invoices[1]!.id}/upo`);
    expect([none.status, none.json.code]).toEqual([409, 'UPO_NOT_AVAILABLE']);
  });

  it("rings for the invoice's own when it is first asked for", async () => {
    const { invoices } = await hand(goodXmls(6));
    const { id } = invoices[0]!;
    const path = `/v1/invoices/${id}/upo?scope=invoice`;
    await api.call('GET', path);
    expect(api.rings.receipts).toEqual([]);
    await sendAndSettle(api, NIP);
    expect((await api.call('GET', path)).status).toBe(202);
    expect(api.rings.receipts).toEqual([id]);
    await api.ledger.saveInvoiceReceipt(id, UPO, 'h', new Date());
    expect((await api.call('GET', path)).text).toBe(UPO.toString('utf8'));
    expect((await api.call('GET', `/v1/invoices/${id}/upo?scope=other`)).status).toBe(400);
  });
});

describe('a confirmation', () => {
  it('is rung for when it is first asked for, and told once it is there', async () => {
    const { invoices } = await hand(goodXmls(6));
    const { id, sha256 } = invoices[0]!;
    const path = `/v1/invoices/${id}/confirmation`;
    const early = await api.call('GET', path);
    expect([early.status, early.json.code]).toEqual([409, 'CONFIRMATION_NOT_AVAILABLE']);
    await sendAndSettle(api, NIP);
    const pending = await api.call('GET', path);
    expect([pending.status, pending.headers.get('retry-after'), pending.json]).toEqual([
      202,
      '2',
      { status: 'pending' },
    ]);
    expect(api.rings.confirmations).toEqual([id]);
    const at = new Date('2026-10-20T11:00:00Z');
    await api.ledger.saveConfirmation(id, { sha256 }, at);
    const { ksefNumber } = (await api.call('GET', `/v1/invoices/${id}`)).json;
    expect((await api.call('GET', path)).json).toEqual({
      confirmedAt: at.toISOString(),
      matches: true,
      ksefNumber,
      sha256,
      ksefSha256: sha256,
    });
    const key = await api.key('read', [OTHER_NIP]);
    expect((await api.call('GET', path, { key })).status).toBe(404);
  });

  it("tells KSeF's words where it refuses", async () => {
    const { invoices } = await hand(goodXmls(6));
    await sendAndSettle(api, NIP);
    const { id } = invoices[0]!;
    await api.ledger.saveConfirmation(id, { refusal: 'brak uprawnień' }, new Date('2026-10-20T10:00:00Z'));
    const { status, json } = await api.call('GET', `/v1/invoices/${id}/confirmation`);
    expect([status, json.detail]).toEqual([409, expect.stringContaining('brak uprawnień')]);
  });
});

describe('sessions', () => {
  it('are listed and told with parts, receipts and events, without secrets', async () => {
    await hand(goodXmls(6));
    const id = await sendAndSettle(api, NIP);
    const list = sessionPage.parse((await api.call('GET', `/v1/sessions?nip=${NIP}&limit=1`)).json);
    expect(list.items).toMatchObject([
      { id, kind: 'batch', state: 'settled', counts: { invoices: 6, cleared: 6 } },
    ]);
    const next = await api.call('GET', `/v1/sessions?nip=${NIP}&limit=1&cursor=${list.nextCursor}`);
    expect(sessionPage.parse(next.json).items[0]?.id).not.toBe(id);
    const { json, text } = await api.call('GET', `/v1/sessions/${id}`);
    expect(session.parse(json)).toMatchObject({
      packageBytes: 1000,
      partList: [{ ordinal: 1, sizeBytes: 1008 }],
      receipts: [{ page: 1 }],
    });
    expect(text).not.toContain('secret');
  });

  it('say what is missing where KSeF lets no login see them any more', async () => {
    await hand(goodXmls(6));
    const id = await sendAll(api, NIP);
    const words = 'KSeF sessionStatus: 403 Forbidden';
    await api.ledger.recordShutOut(id, words, nextMinute());
    const error = { code: null, description: expect.stringContaining('Introspection'), details: [words] };
    expect(session.parse((await api.call('GET', `/v1/sessions/${id}`)).json).error).toEqual(error);
    const { json } = await api.call('GET', `/v1/invoices?nip=${NIP}&state=processing`);
    const { timeline } = (await api.call('GET', `/v1/invoices/${json.items[0].id}`)).json;
    expect(timeline).toContainEqual(expect.objectContaining({ event: 'session.shutOut' }));
    await api.ledger.recordPoll(id, nextMinute(), 150, nextMinute());
    expect(session.parse((await api.call('GET', `/v1/sessions/${id}`)).json).error).toBeNull();
  });
});
