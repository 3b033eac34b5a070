import { deflateRawSync } from 'node:zlib';
import { breakPayloads } from '@wsad/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goodXml, sellerPath } from './support/invoices.ts';
import { OTHER_NIP, startTestApi, type TestApi } from './support/test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

type Damage = (invoiceId: string) => Promise<unknown>;

const storedAs =
  (deflated: Buffer): Damage =>
  (invoiceId) =>
    api.ledger.pool.query('UPDATE payloads SET deflated = $2 WHERE invoice_id = $1', [invoiceId, deflated]);

const DAMAGES: readonly (readonly [string, Damage])[] = [
  ['are others, and can be unpacked', storedAs(deflateRawSync('<Faktura/>'))],
  ['are no deflate stream any more', storedAs(Buffer.from('x'))],
  ['cannot be read by PostgreSQL', (id) => breakPayloads(api.ledger.pool, id)],
  ['are gone', (id) => api.ledger.pool.query('DELETE FROM payloads WHERE invoice_id = $1', [id])],
];

describe('an invoice', () => {
  it.each(DAMAGES)('whose stored bytes %s is not given out, and its seller is told so', async (_, damage) => {
    const handed = await api.call('POST', sellerPath('invoices'), {
      json: { invoices: [{ xml: goodXml() }] },
    });
    const [{ id }] = handed.json.invoices;
    await damage(id);
    const answer = await api.call('GET', `/v1/invoices/${id}/xml`);
    expect([answer.status, answer.json.code]).toEqual([500, 'PAYLOAD_DAMAGED']);
    const stranger = await api.key('read', [OTHER_NIP]);
    expect((await api.call('GET', `/v1/invoices/${id}/xml`, { key: stranger })).status).toBe(404);
  });
});
