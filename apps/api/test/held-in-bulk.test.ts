import { HOLD_CAUSES } from '@wsad/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bulkResult, heldGroupPage } from '../src/schemas/held.ts';
import { goodXmls, sellerPath } from './support/invoices.ts';
import { sendAndSettle, verdict } from './support/sending.ts';
import { NIP, OTHER_NIP, startTestApi, type TestApi } from './support/test-api.ts';

const NOBODY = '00000000-0000-7000-8000-000000000000';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.call('PUT', sellerPath('credentials'), { json: { type: 'ksefToken', token: 'token' } });
});
afterAll(() => api.close());

/** Ids of invoices held for a permission (410) or as duplicates (440), as told. */
async function heldBy(...codes: number[]): Promise<string[]> {
  const invoices = goodXmls(codes.length + 5).map((xml) => ({ xml }));
  const { json } = await api.call('POST', sellerPath('invoices'), { json: { invoices } });
  const verdicts = codes.map((code, index) => [json.invoices[index].sha256, verdict(code)]);
  await sendAndSettle(api, NIP, Object.fromEntries(verdicts));
  return codes.map((_, index) => json.invoices[index].id);
}
const act = async (action: string, json: object, key?: string) => {
  const answer = await api.call(
    'POST',
    `/v1/invoices/${action}`,
    key === undefined ? { json } : { json, key },
  );
  return answer.status === 200 ? bulkResult.parse(answer.json) : answer.json.code;
};
const stateOf = async (id: string) => (await api.call('GET', `/v1/invoices/${id}`)).json.state;

describe('held invoices', () => {
  it('are told by seller and cause, with what helps, in pages', async () => {
    const ids = await heldBy(410, 410, 440);
    await api.call('POST', sellerPath('invoices', OTHER_NIP), {
      json: { invoices: goodXmls(2).map((xml) => ({ xml: xml.replaceAll(NIP, OTHER_NIP) })) },
    });
    const list = async (query = '') => heldGroupPage.parse((await api.call('GET', `/v1/held${query}`)).json);
    const all = await list();
    expect(
      all.items.map(({ nip, holdCause, invoices, action }) => [nip, holdCause, invoices, action]),
    ).toEqual([
      [OTHER_NIP, 'no_credentials', 2, 'credentials'],
      [NIP, 'duplicate_unknown', 1, 'resolve'],
      [NIP, 'permission_missing', 2, 'permissions'],
    ]);
    expect(all.items[2]).toMatchObject({
      advice: HOLD_CAUSES.permission_missing,
      holdDetail: expect.any(String),
    });
    const first = await list('?limit=2');
    const rest = await list(`?limit=2&cursor=${first.nextCursor}`);
    expect([...first.items, ...rest.items]).toEqual(all.items);
    expect(rest.nextCursor).toBeNull();
    expect((await list(`?nip=${OTHER_NIP}`)).items).toEqual(all.items.slice(0, 1));
    await act('withdraw', { ids });
  });

  it('go back in line together, by name or by cause, and each bell is rung once', async () => {
    const [first = '', second = '', third = ''] = await heldBy(410, 410, 440);
    api.rings.lanes.length = 0;
    expect(await act('retry', { ids: [first, second, second, NOBODY, 'nonsense'] })).toEqual({
      done: 2,
      refused: [
        { id: NOBODY, code: 'NOT_FOUND' },
        { id: 'nonsense', code: 'NOT_FOUND' },
      ],
      more: false,
    });
    expect(api.rings.lanes).toEqual([{ nip: NIP, form: 'FA (3)', mode: 'online' }]);
    expect(await act('retry', { ids: [first, third] })).toEqual({
      done: 1,
      refused: [{ id: first, code: 'NOT_HELD' }],
      more: false,
    });
    const cause = { nip: NIP, holdCause: 'duplicate_unknown' };
    expect(await act('retry', cause)).toEqual({ done: 0, refused: [], more: false });
    await sendAndSettle(api, NIP);
    expect(await stateOf(third)).toBe('cleared');
  });

  it('are withdrawn together, with who did it, a thousand at a time', async () => {
    const ids = await heldBy(440, 440);
    const [first = ''] = ids;
    expect(await act('withdraw', { nip: NIP, holdCause: 'duplicate_unknown' })).toMatchObject({ done: 2 });
    const told = (await api.call('GET', `/v1/invoices/${first}`)).json;
    expect(told.state).toBe('withdrawn');
    expect(told.timeline).toContainEqual(
      expect.objectContaining({
        event: 'invoice.withdrawnBy',
        actor: 'admin-token',
        detail: { cause: 'duplicate_unknown' },
      }),
    );
    await api.call('POST', sellerPath('invoices', OTHER_NIP), {
      json: { invoices: goodXmls(1001).map((xml) => ({ xml: xml.replaceAll(NIP, OTHER_NIP) })) },
    });
    const cause = { nip: OTHER_NIP, holdCause: 'no_credentials' };
    expect(await act('withdraw', cause)).toEqual({ done: 1000, refused: [], more: true });
    expect(await act('withdraw', cause)).toEqual({ done: 3, refused: [], more: false });
  });

  it('are there for those alone whose sellers they are of', async () => {
    const ids = await heldBy(440);
    const other = await api.key('submit', [OTHER_NIP]);
    expect(await act('withdraw', { ids }, other)).toMatchObject({
      done: 0,
      refused: [{ code: 'NOT_FOUND' }],
    });
    expect(await act('withdraw', { nip: NIP, holdCause: 'duplicate_unknown' }, other)).toBe('FORBIDDEN');
    expect(await stateOf(ids[0] ?? '')).toBe('held');
  });

  it.each([{}, { ids: [] }, { nip: NIP }, { nip: NIP, holdCause: 'none' }, { ids: ['a'], nip: NIP }])(
    'are not chosen by %j',
    async (json) => {
      expect(await act('retry', json)).toBe('INVALID_REQUEST');
    },
  );
});
