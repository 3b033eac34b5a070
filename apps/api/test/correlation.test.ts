import { expect, it } from 'vitest';
import { goodXmls, sellerPath } from './support/invoices.ts';
import { startTestApi } from './support/test-api.ts';

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
