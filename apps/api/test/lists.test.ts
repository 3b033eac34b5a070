import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invoicePage } from '../src/schemas/invoice.ts';
import { submissionPage } from '../src/schemas/submission.ts';
import { goodXml, sellerPath } from './support/invoices.ts';
import { sendAndSettle, verdict } from './support/sending.ts';
import { NIP, OTHER_NIP, startTestApi, type TestApi, TODAY } from './support/test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.call('PUT', sellerPath('credentials'), { json: { type: 'ksefToken', token: 't' } });
});
afterAll(() => api.close());

let seconds = 0;

/** Each call is of another second, so that their order is known. */
async function submit(xmls: string[], nip = NIP) {
  seconds += 1;
  api.setNow(new Date(Date.parse(`${TODAY}T10:00:00Z`) + seconds * 1000));
  const invoices = xmls.map((xml) => ({ xml }));
  const { json } = await api.call('POST', sellerPath('invoices', nip), { json: { invoices } });
  return { id: json.submissionId as string, invoices: json.invoices as { id: string; sha256: string }[] };
}

describe('submissions', () => {
  const list = async (query = '') => {
    const answer = await api.call('GET', `/v1/submissions${query}`);
    expect(answer.status).toBe(200);
    return submissionPage.parse(answer.json);
  };

  it('are listed newest first, in pages, each as it is told alone', async () => {
    const first = await submit([goodXml(), goodXml()]);
    await sendAndSettle(api, NIP, { [first.invoices[0]?.sha256 ?? '']: verdict(440) });
    const second = await submit([goodXml(), '<no/>']);
    const other = await submit([goodXml({ nip: OTHER_NIP })], OTHER_NIP);
    const page = await list('?limit=2');
    expect(page.items.map(({ id }) => id)).toEqual([other.id, second.id]);
    const rest = await list(`?limit=2&cursor=${page.nextCursor}`);
    expect(rest.items.map(({ id }) => id)).toEqual([first.id]);
    expect(rest.nextCursor).toBeNull();
    for (const item of [...page.items, ...rest.items])
      expect((await api.call('GET', `/v1/submissions/${item.id}`)).json).toMatchObject(item);
    expect(rest.items[0]).toMatchObject({ byState: { cleared: 1, held: 1 }, done: true, refused: 0 });
    expect(page.items[1]).toMatchObject({ byState: { accepted: 1 }, done: false, refused: 1 });
    expect((await list(`?nip=${OTHER_NIP}`)).items.map(({ id }) => id)).toEqual([other.id]);
  });

  it('are counted once for good when all is at its end', async () => {
    const before = (await list()).items.find(({ byState }) => byState.held === 1 && byState.cleared === 1);
    const held = await api.call('GET', `/v1/invoices?state=held&nip=${NIP}`);
    await api.call('POST', `/v1/invoices/${held.json.items[0].id}/withdraw`);
    const now = () => list().then(({ items }) => items.find(({ id }) => id === before?.id));
    expect(await now()).toMatchObject({ byState: { cleared: 1, withdrawn: 1 }, done: true });
    const { rows } = await api.ledger.pool.query(
      'SELECT id, final_by_state AS counts FROM submissions WHERE final_by_state IS NOT NULL',
    );
    expect(rows).toEqual([{ id: before?.id, counts: { cleared: 1, withdrawn: 1 } }]);
    expect(await now()).toMatchObject({ byState: { cleared: 1, withdrawn: 1 }, done: true });
  });
});

describe('invoices are found', () => {
  const find = async (query: Record<string, string>) => {
    const answer = await api.call('GET', `/v1/invoices?${new URLSearchParams(query)}`);
    return answer.status === 200
      ? invoicePage.parse(answer.json).items.map(({ id }) => id)
      : answer.json.code;
  };

  it('by the beginning of the name or the NIP of the buyer, in whatever state they are', async () => {
    await api.ledger.pool.query(
      `UPDATE invoices SET buyer_name = 'X%y_z', buyer_nip = '9999999999' WHERE state <> 'cleared'`,
    );
    const cleared = await submit([goodXml()]);
    await api.ledger.pool.query(
      `UPDATE invoices SET buyer_name = 'ŻABKA Polska', buyer_nip = '1112223334' WHERE state = 'accepted'`,
    );
    await sendAndSettle(api, NIP);
    const { json } = await api.call('GET', `/v1/invoices/${cleared.invoices[0]?.id}`);
    const known = [json.id];
    expect(json.buyerName).toBe('ŻABKA Polska');
    for (const buyer of ['żabka', 'Żabka p', 'ŻABKA POLSKA', 'ż'])
      expect(await find({ buyer })).toEqual(expect.arrayContaining(known));
    expect(await find({ buyer: 'polska' })).toEqual([]);
    if (json.buyerNip !== null)
      expect(await find({ buyer: json.buyerNip.slice(0, 6) })).toEqual(expect.arrayContaining(known));
    const open = await find({ buyer: 'x%Y' });
    expect(open.length).toBeGreaterThan(0);
    expect(await find({ buyer: '99999' })).toEqual(open);
    expect(await find({ buyer: 'xxy' })).toEqual([]);
    expect(await find({ buyer: 'x%y', state: 'cleared' })).toEqual([]);
  });

  it('by issue day', async () => {
    const early = await submit([goodXml({ issueDate: '2026-09-01' })]);
    const id = early.invoices[0]?.id;
    expect(await find({ from: '2026-08-31', to: '2026-09-01' })).toEqual([id]);
    expect(await find({ to: '2026-09-01', nip: NIP })).toEqual([id]);
    expect(await find({ from: '2026-09-02' })).not.toContain(id);
    expect(await find({ from: 'yesterday' })).toBe('INVALID_REQUEST');
  });

  it('by the call that brought them, also what was here already', async () => {
    const xml = goodXml();
    const first = await submit([xml]);
    const again = await submit([xml, goodXml()]);
    expect(await find({ submissionId: again.id })).toEqual([again.invoices[1]?.id, again.invoices[0]?.id]);
    expect(await find({ submissionId: first.id })).toEqual([again.invoices[0]?.id]);
    expect(await find({ submissionId: 'none' })).toEqual([]);
  });
});
