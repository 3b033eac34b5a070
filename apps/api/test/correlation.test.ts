import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goodXmls, sellerPath } from './support/invoices.ts';
import { startTestApi, type TestApi } from './support/test-api.ts';

it('tells all of a call, what came of it included, under the id that was answered, once a line', async () => {
  const api = await startTestApi();
  try {
    const invoices = goodXmls(1).map((xml) => ({ xml }));
    const answer = await api.call('POST', sellerPath('invoices'), { json: { invoices } });
    const requestId = answer.headers.get('x-request-id') ?? 'none';
    const lines = api.logged.filter((line) => line.includes(requestId));
    const [accepted] = lines.filter((line) => line.includes('"submission.accepted"'));
    expect(JSON.parse(accepted ?? '{}')).toMatchObject({ requestId, submissionId: answer.json.submissionId });
    expect(lines.some((line) => line.includes('call answered'))).toBe(true);
    for (const line of lines) expect(line.split('"requestId"')).toHaveLength(2);
  } finally {
    await api.close();
  }
});

describe("the caller's own x-request-id", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  const answered = async (given: string) => {
    const { headers, json } = await api.call('GET', '/v1/invoices/none', {
      headers: { 'x-request-id': given },
    });
    expect(json.instance).toBe(headers.get('x-request-id'));
    return headers.get('x-request-id');
  };

  it.each(['order-4711', '6f9619ff-8b86-d011-b42d-00cf4fc964ff', 'a'.repeat(64)])(
    '%s is kept',
    async (given) => {
      expect(await answered(given)).toBe(given);
    },
  );

  it.each(['', 'a'.repeat(65), 'two words', '"}', 'Bearer-é', '<b>'])(
    '%j is replaced by one of ours',
    async (given) => {
      expect(await answered(given)).toMatch(/^[0-9a-f]{24}$/);
    },
  );

  it('stays with the submission, for whoever sends its invoices', async () => {
    const invoices = goodXmls(1).map((xml) => ({ xml }));
    const headers = { 'x-request-id': 'order-4711' };
    await api.call('POST', sellerPath('invoices'), { json: { invoices }, headers });
    const { json } = await api.call('GET', '/v1/invoices');
    const told = await api.call('GET', `/v1/invoices/${json.items[0].id}`);
    expect(told.json.timeline).toMatchObject([
      { event: 'submission.accepted', detail: { accepted: 1, requestId: 'order-4711' } },
    ]);
  });
});
