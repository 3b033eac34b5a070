import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BAD_XML, goodXml, goodXmls, sellerPath } from './support/invoices.ts';
import { startTestApi, type TestApi } from './support/test-api.ts';

const INVOICES = sellerPath('invoices');

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

describe('Idempotency-Key', () => {
  const keyed = (key: string) => ({ 'idempotency-key': key });

  it('gives the first answer byte for byte, however the same invoices are packed', async () => {
    const xml = goodXml();
    const send = (text: string) =>
      api.call('POST', INVOICES, { body: text, type: 'application/json', headers: keyed('one') });
    const first = await send(JSON.stringify({ invoices: [{ xml }] }));
    const again = await send(JSON.stringify({ invoices: [{ xml }] }, null, 4));
    expect(first.status).toBe(202);
    expect([again.status, again.text]).toEqual([202, first.text]);
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
  });

  it('keeps refusals, too', async () => {
    const send = () =>
      api.call('POST', INVOICES, { body: BAD_XML, type: 'text/xml', headers: keyed('refusal') });
    const [first, again] = [await send(), await send()];
    expect(first.status).toBe(422);
    expect(again.text).toBe(first.text);
  });

  it('refuses the key with another body', async () => {
    const send = (query = '') =>
      api.call('POST', INVOICES + query, { body: goodXml(), type: 'text/xml', headers: keyed('two') });
    expect((await send()).status).toBe(202);
    const other = await send();
    expect([other.status, other.json.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  it('accepts once when the same call comes many times at once', async () => {
    const body = JSON.stringify({ invoices: goodXmls(3).map((xml) => ({ xml })) });
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        api.call('POST', INVOICES, { body, type: 'application/json', headers: keyed('many') }),
      ),
    );
    const taken = answers.filter(({ status }) => status === 202);
    expect(new Set(taken.map(({ text }) => text)).size).toBe(1);
    for (const { status, json, headers } of answers.filter((answer) => answer.status !== 202)) {
      expect([status, json.code]).toEqual([409, 'IDEMPOTENCY_KEY_IN_USE']);
      expect(headers.get('retry-after')).toMatch(/^\d+$/);
    }
  });

  it('frees the key when the call failed', async () => {
    const failing = await startTestApi({
      ledger: { ...api.ledger, accept: () => Promise.reject(new Error('out of luck')) },
    });
    const xml = goodXml();
    const send = (to: TestApi) =>
      to.call('POST', INVOICES, { body: xml, type: 'text/xml', headers: keyed('freed') });
    const failed = await send(failing);
    expect([failed.status, failed.json.code]).toEqual([500, 'INTERNAL']);
    expect(failed.text).not.toContain('out of luck');
    expect((await send(api)).status).toBe(202);
    await failing.close();
  });
});
