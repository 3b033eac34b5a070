import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invoice } from '../src/schemas/invoice.ts';
import { goodXmls, sellerPath } from './support/invoices.ts';
import { ksefNumber, sendAndSettle, verdict } from './support/sending.ts';
import { NIP, startTestApi, type TestApi } from './support/test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.call('PUT', sellerPath('credentials'), { json: { type: 'ksefToken', token: 'token' } });
});
afterAll(() => api.close());

describe('a held invoice', () => {
  const heldWith = async (code: number): Promise<string> => {
    const invoices = goodXmls(6).map((xml) => ({ xml }));
    const { json } = await api.call('POST', sellerPath('invoices'), { json: { invoices } });
    await sendAndSettle(api, NIP, { [json.invoices[0].sha256]: verdict(code) });
    return json.invoices[0].id;
  };
  const act = (id: string, action: string, json?: object) =>
    api.call('POST', `/v1/invoices/${id}/${action}`, json === undefined ? {} : { json });

  it('goes back in line, and the bell is rung', async () => {
    const id = await heldWith(410);
    api.rings.lanes.length = 0;
    const answer = await act(id, 'retry');
    expect(answer.status).toBe(200);
    expect(invoice.parse(answer.json)).toMatchObject({ state: 'accepted', held: null, error: null });
    expect(api.rings.lanes).toEqual([{ nip: NIP, form: 'FA (3)', mode: 'online' }]);
    const again = await act(id, 'retry');
    expect([again.status, again.json.code]).toEqual([409, 'NOT_HELD']);
    await sendAndSettle(api, NIP);
  });

  it('is not retried while what is stored of it is damaged', async () => {
    const id = await heldWith(410);
    await api.ledger.pool.query(
      `WITH damaged AS (UPDATE payloads SET deflated = 'x' WHERE invoice_id = $1)
       UPDATE invoices SET hold_cause = 'payload_damaged' WHERE id = $1`,
      [id],
    );
    const answer = await act(id, 'retry');
    expect([answer.status, answer.json.code]).toEqual([500, 'PAYLOAD_DAMAGED']);
    const bulk = await api.call('POST', '/v1/invoices/retry', { json: { ids: [id] } });
    expect(bulk.json).toEqual({ done: 0, refused: [{ id, code: 'PAYLOAD_DAMAGED' }], more: false });
    expect((await act(id, 'withdraw')).status).toBe(200);
  });

  it('is withdrawn for good, with who did it', async () => {
    const id = await heldWith(410);
    const told = invoice.parse((await act(id, 'withdraw')).json);
    expect(told).toMatchObject({ state: 'withdrawn' });
    expect(told.timeline).toContainEqual(
      expect.objectContaining({ event: 'invoice.withdrawnBy', actor: 'admin-token' }),
    );
  });

  it('is resolved by a person where it may be a duplicate', async () => {
    const number = ksefNumber();
    const cleared = await act(await heldWith(440), 'resolve', { ksefNumber: number });
    expect(invoice.parse(cleared.json)).toMatchObject({ state: 'cleared', ksefNumber: number });
    const rejected = await act(await heldWith(440), 'resolve', { rejected: true });
    expect(invoice.parse(rejected.json)).toMatchObject({ state: 'rejected' });
    const taken = await act(await heldWith(440), 'resolve', { ksefNumber: number });
    expect([taken.status, taken.json.code]).toEqual([400, 'INVALID_KSEF_NUMBER']);
  });

  it.each<[string, number, object, number, string]>([
    [
      'a number that is none',
      440,
      { ksefNumber: `${ksefNumber().slice(0, -2)}ZZ` },
      400,
      'INVALID_KSEF_NUMBER',
    ],
    ['two verdicts', 440, { ksefNumber: 'x', rejected: true }, 400, 'INVALID_REQUEST'],
    ['no verdict', 440, {}, 400, 'INVALID_REQUEST'],
    ['another cause', 410, { rejected: true }, 409, 'NOT_A_DOUBTFUL_DUPLICATE'],
  ])('is not resolved by %s', async (_what, code, json, status, problem) => {
    const answer = await act(await heldWith(code), 'resolve', json);
    expect([answer.status, answer.json.code]).toEqual([status, problem]);
  });
});
