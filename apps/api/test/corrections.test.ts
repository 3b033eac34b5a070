import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goodXml, sellerPath } from './support/invoices.ts';
import { startTestApi, type TestApi } from './support/test-api.ts';

const ELSEWHERE = createHash('sha256').update('sent by another system').digest();

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.call('PUT', sellerPath('credentials'), { json: { type: 'ksefToken', token: 'token' } });
});
afterAll(() => api.close());

function post(query: string, body: string, headers: Record<string, string> = {}) {
  const path = sellerPath(`invoices?${query}`);
  return api.call('POST', path, { body, type: 'application/xml', headers });
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

describe('correctionOf', () => {
  it('of the call speaks of its one invoice, and is kept as the hash that KSeF is told', async () => {
    const of = ELSEWHERE.toString('base64url');
    const { status, json } = await post(`offline=true&correctionOf=${of}`, goodXml());
    expect([status, json.accepted]).toEqual([202, 1]);
    const invoice = (await api.call('GET', `/v1/invoices/${json.invoices[0].id}`)).json;
    expect(invoice).toMatchObject({
      mode: 'offline',
      correctionOf: ELSEWHERE.toString('base64'),
      warnings: [],
    });
  });

  it('of each invoice of a JSON body speaks of that one', async () => {
    const [one, other] = [hash('one'), hash('other')];
    const invoices = [
      { xml: goodXml(), correctionOf: one.toString('base64') },
      { xml: goodXml() },
      { xml: goodXml(), correctionOf: other.toString('base64url') },
    ];
    const { json } = await api.call('POST', sellerPath('invoices?offline=true'), { json: { invoices } });
    const told = await Promise.all(
      json.invoices.map(async ({ id }: { id: string }) => (await api.call('GET', `/v1/invoices/${id}`)).json),
    );
    expect(told.map(({ correctionOf }) => correctionOf)).toEqual([
      one.toString('base64'),
      null,
      other.toString('base64'),
    ]);
  });

  it('is refused for each invoice alone, with the reason', async () => {
    const id = '0190a0a0-0000-7000-8000-000000000000';
    const invoices = [{ xml: goodXml(), correctionOf: id }, { xml: goodXml() }];
    const answer = await api.call('POST', sellerPath('invoices?offline=true'), { json: { invoices } });
    expect(answer.json).toMatchObject({ accepted: 1, refused: 1 });
    expect(answer.json.invoices[0]).toMatchObject({
      id: null,
      state: 'refused',
      errors: [{ code: 'CORRECTION_UNKNOWN', message: expect.stringMatching(/no such invoice/), line: null }],
    });
    const online = await post(`correctionOf=${hash('online').toString('base64url')}`, goodXml());
    expect(online.status).toBe(422);
    expect(online.json.invoices[0].errors).toMatchObject([{ code: 'CORRECTION_NOT_OFFLINE' }]);
  });

  it('that names nothing, or is for a call of many, is no good request', async () => {
    expect((await post('offline=true&correctionOf=FV/1', goodXml())).json.code).toBe('INVALID_REQUEST');
    const invoices = [{ xml: goodXml() }, { xml: goodXml() }];
    const of = hash('many').toString('base64url');
    const path = sellerPath(`invoices?offline=true&correctionOf=${of}`);
    const many = await api.call('POST', path, { json: { invoices } });
    expect(many.json).toMatchObject({ code: 'INVALID_REQUEST', errors: [{ path: 'correctionOf' }] });
    const bad = await api.call('POST', sellerPath('invoices'), {
      json: { invoices: [{ xml: goodXml(), correctionOf: 'x' }] },
    });
    expect(bad.json).toMatchObject({
      code: 'INVALID_REQUEST',
      errors: [{ path: 'invoices[0].correctionOf' }],
    });
  });

  it('makes another request of the same invoice under an Idempotency-Key', async () => {
    const xml = goodXml();
    const headers = { 'idempotency-key': 'correction-1' };
    const of = hash('first').toString('base64url');
    expect((await post(`offline=true&correctionOf=${of}`, xml, headers)).status).toBe(202);
    expect((await post(`offline=true&correctionOf=${of}`, xml, headers)).status).toBe(202);
    const other = await post('offline=true', xml, headers);
    expect(other.json.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });
});
