import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { availability } from '../src/schemas/availability.ts';
import { invoice } from '../src/schemas/invoice.ts';
import { sellerStatus } from '../src/schemas/seller-status.ts';
import { goodXmls, sellerPath } from './support/invoices.ts';
import { NIP, startTestApi, type TestApi } from './support/test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const NOW = new Date('2026-10-20T10:00:00Z');
const failure = { kind: 'failure', startedAt: '2026-10-20T08:00:00Z' };

async function handIn(query = ''): Promise<string> {
  const xml = goodXmls(1)[0] ?? '';
  const handed = await api.call('POST', `${sellerPath('invoices')}${query}`, {
    json: { invoices: [{ xml }] },
  });
  return handed.json.invoices[0].id;
}
const dates = async (id: string) => invoice.parse((await api.call('GET', `/v1/invoices/${id}`)).json);
const told = async () => availability.parse((await api.call('GET', '/v1/availability')).json);

describe('the dates of an invoice', () => {
  it('are told while it waits: online until midnight in Warsaw, offline until the next working day is over', async () => {
    const id = await handIn();
    expect(await dates(id)).toMatchObject({
      invoicingDate: null,
      markedOffline: null,
      deadline: { at: '2026-10-20T22:00:00.000Z', rule: 'online', passed: false },
    });
    api.setNow(new Date('2026-10-20T22:00:00Z'));
    expect(await dates(id)).toMatchObject({ markedOffline: true, deadline: { passed: true } });
    api.setNow(NOW);
    expect(await dates(await handIn('?offline=true'))).toMatchObject({
      markedOffline: false,
      deadline: { at: '2026-10-21T22:00:00.000Z', rule: 'offline24', passed: false },
    });
  });

  it('are those of the clock of KSeF', async () => {
    const id = await handIn();
    await api.ledger.recordKsefClock(120_000, 10, NOW);
    api.setNow(new Date('2026-10-20T21:59:00Z'));
    expect(await dates(id)).toMatchObject({ markedOffline: true, deadline: { passed: true } });
    api.setNow(NOW);
    await api.ledger.recordKsefClock(0, 10, NOW);
  });

  it('of all that waits are told with the seller', async () => {
    const status = async () => sellerStatus.parse((await api.call('GET', sellerPath('status', NIP))).json);
    api.setNow(new Date('2026-10-20T18:30:00Z'));
    await api.ledger.recordSystemWarning('[10]: Przerwa techniczna', NOW);
    expect(await status()).toMatchObject({
      nextDeadlineAt: '2026-10-20T22:00:00.000Z',
      deadlinesNear: 2,
      deadlinesPassed: 0,
      connection: {
        state: 'up',
        clock: { offsetMs: 0, uncertaintyMs: 10 },
        latarnia: null,
        warnings: [
          {
            text: '[10]: Przerwa techniczna',
            since: NOW.toISOString(),
            lastSeenAt: NOW.toISOString(),
          },
        ],
      },
    });
    api.setNow(NOW);
  });
});

describe('a decision on an outage', () => {
  it('moves the deadlines of what it touched, once it has ended, and may be corrected', async () => {
    const id = await handIn();
    const lasting = await api.call('POST', '/v1/availability', { json: failure });
    expect(lasting.json).toMatchObject({ kind: 'failure', endedAt: null, decidedBy: 'admin-token' });
    expect((await dates(id)).deadline).toEqual({ at: null, rule: 'failure', passed: false });
    const ended = await api.call('POST', '/v1/availability', {
      json: { ...failure, endedAt: '2026-10-20T11:00:00+02:00' },
    });
    expect([ended.status, ended.json.endedAt]).toEqual([200, '2026-10-20T09:00:00.000Z']);
    expect((await dates(id)).deadline).toMatchObject({ at: '2026-10-29T23:00:00.000Z', rule: 'failure' });
    expect((await told()).outages).toMatchObject([{ kind: 'failure', endedAt: '2026-10-20T09:00:00.000Z' }]);
  });

  it('is for administrators alone, while everybody may read it', async () => {
    const keys = [await api.key('admin', [NIP]), await api.key('submit', 'all')];
    for (const key of keys) {
      expect((await api.call('POST', '/v1/availability', { json: failure, key })).status).toBe(403);
      expect((await api.call('GET', '/v1/availability', { key })).status).toBe(200);
    }
  });

  it.each([
    ['an unknown kind', { ...failure, kind: 'holiday' }],
    ['no beginning', { kind: 'failure' }],
    ['an end before its beginning', { ...failure, endedAt: '2026-10-20T07:00:00Z' }],
    ['a time that is none', { ...failure, startedAt: 'yesterday' }],
    ['something else besides', { ...failure, by: 'me' }],
  ])('with %s is refused', async (_what, json) => {
    const answer = await api.call('POST', '/v1/availability', { json });
    expect([answer.status, answer.json.code]).toEqual([400, 'INVALID_REQUEST']);
  });
});

describe("KSeF's status service", () => {
  it('is told and decides nothing', async () => {
    const id = await handIn();
    const before = (await dates(id)).deadline;
    const message = {
      ...{ id: 'K/2026/AWR/01', version: 1, eventId: '1002', category: 'FAILURE', type: 'FAILURE_START' },
      ...{
        title: 'Wystąpiła awaria',
        text: null,
        startsAt: NOW,
        endsAt: null,
        publishedAt: NOW,
        inForce: true,
      },
    };
    await api.ledger.recordLatarnia({ status: 'FAILURE', messages: [message] }, NOW);
    expect(await told()).toMatchObject({
      connection: 'degraded',
      latarnia: { status: 'FAILURE', messages: [{ id: 'K/2026/AWR/01' }] },
      messages: [{ id: 'K/2026/AWR/01', startsAt: NOW.toISOString(), endsAt: null }],
    });
    expect((await dates(id)).deadline).toEqual(before);
  });
});
