import { eventually } from '@wsad/testkit';
import { makeZip } from '@wsad/testkit/zip-maker';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { submitted } from '../src/schemas/submit.ts';
import { BAD_XML, goodXml, goodXmls, sellerPath } from './support/invoices.ts';
import { ADMIN, startTestApi, type TestApi } from './support/test-api.ts';

/** Just beyond what a call may bring to be held in memory. */
const LARGE = 1_201;
const INVOICES = sellerPath('invoices');

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

async function count(table: 'invoices' | 'staged_parts' | 'submissions'): Promise<number> {
  const { rows } = await api.ledger.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${table}`,
  );
  return rows[0]?.count ?? 0;
}

async function nothingIsStaged(): Promise<void> {
  await eventually(async () => (await count('staged_parts')) === 0, { what: 'the end of what was staged' });
}

/** A body that begins with so many invoices; how it goes on is the test's to say. */
function jsonBeginning(xmls: readonly string[]): string {
  return `{"invoices":[${xmls.map((xml) => JSON.stringify({ xml })).join(',')}`;
}

describe('a call that is too large to be held', () => {
  it('is answered in its order, the bad ones alone, and leaves nothing staged', async () => {
    const xmls = goodXmls(LARGE);
    xmls[3] = BAD_XML;
    xmls[LARGE - 1] = xmls[0] ?? '';
    xmls[LARGE - 2] = goodXml({ number: 'SAME', lines: 1 });
    xmls[5] = goodXml({ number: 'SAME', lines: 2 });
    const files = xmls.map((xml, index) => ({ name: `${LARGE - index}.xml`, data: Buffer.from(xml) }));
    const answer = await api.call('POST', INVOICES, { body: makeZip(files), type: 'application/zip' });
    expect(answer.status).toBe(202);
    const { invoices, accepted, refused, submissionId } = submitted.parse(answer.json);
    expect([accepted, refused]).toEqual([LARGE - 2, 2]);
    expect(invoices.map(({ fileName }) => fileName)).toEqual(files.map(({ name }) => name));
    expect(invoices[3]?.errors[0]).toMatchObject({ code: 'ELEMENT_MISSING' });
    expect(invoices[LARGE - 2]?.errors[0]).toMatchObject({
      code: 'INVOICE_NUMBER_TAKEN',
      earlier: { id: invoices[5]?.id },
    });
    expect(invoices[LARGE - 1]?.id).toBe(invoices[0]?.id);
    expect(await count('invoices')).toBe(LARGE - 3);
    const stored = await api.call('GET', `/v1/invoices/${invoices[700]?.id}/xml`);
    expect(stored.text).toBe(xmls[700]);
    const submission = await api.call('GET', `/v1/submissions/${submissionId}`);
    expect(submission.json).toMatchObject({ total: LARGE - 2, refused: 2, byState: { held: LARGE - 2 } });
    await nothingIsStaged();
  });

  it('is done once for its key, and answered again byte for byte', async () => {
    const json = { invoices: goodXmls(LARGE).map((xml, index) => ({ xml, externalId: `${index}` })) };
    const headers = { 'idempotency-key': 'large' };
    const before = await count('submissions');
    const [first, again] = [
      await api.call('POST', INVOICES, { json, headers }),
      await api.call('POST', INVOICES, { json, headers }),
    ];
    expect(first.status).toBe(202);
    expect(again.text).toBe(first.text);
    expect(await count('submissions')).toBe(before + 1);
    await nothingIsStaged();
  });

  it.each([
    ['that turns out to be broken at its end', '],', 'MALFORMED_BODY'],
    ['with something else than an invoice at its end', ',{"xml":1}]}', 'INVALID_REQUEST'],
  ])('%s is refused as a whole', async (_what, end, code) => {
    const before = await count('invoices');
    const body = jsonBeginning(goodXmls(LARGE)) + end;
    const answer = await api.call('POST', INVOICES, { body, type: 'application/json' });
    expect(answer.json).toMatchObject({ code });
    expect(await count('invoices')).toBe(before);
    await nothingIsStaged();
  });

  it('whose sender goes away in the middle leaves nothing behind', async () => {
    const before = await count('invoices');
    const leaving = new AbortController();
    const body = new ReadableStream({
      start: (stream) => stream.enqueue(Buffer.from(jsonBeginning(goodXmls(2 * LARGE)))),
    });
    const call = fetch(api.url + INVOICES, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
      body,
      duplex: 'half',
      signal: leaving.signal,
    } as RequestInit);
    await eventually(async () => (await count('staged_parts')) > 0, { what: 'something staged' });
    leaving.abort();
    await expect(call).rejects.toThrow();
    await nothingIsStaged();
    expect(await count('invoices')).toBe(before);
  });

  it('of which the ledger has forgotten a part is answered 503 and may come again', async () => {
    const { pool } = api.ledger;
    const forgetful = await startTestApi({
      ledger: Object.assign(Object.create(api.ledger), {
        stage: async (...part: Parameters<typeof api.ledger.stage>) => {
          await api.ledger.stage(...part);
          await pool.query('TRUNCATE staged_parts');
        },
      }),
    });
    const before = await count('invoices');
    const json = { invoices: goodXmls(LARGE).map((xml) => ({ xml })) };
    const lost = await forgetful.call('POST', INVOICES, { json });
    expect([lost.status, lost.json.code]).toEqual([503, 'NOT_READY']);
    expect(await count('invoices')).toBe(before);
    await forgetful.close();
    expect((await api.call('POST', INVOICES, { json })).status).toBe(202);
    expect(await count('invoices')).toBe(before + LARGE);
  });
});

it('a large archive for which there is no folder for temporary files is answered 503, and one in memory goes on', async () => {
  vi.stubEnv('TMPDIR', '/nowhere');
  onTestFinished(() => void vi.unstubAllEnvs());
  const zip = (data: Buffer) => makeZip([{ name: 'a.xml', data, method: 'store' }]);
  const send = (body: Uint8Array<ArrayBuffer>) =>
    api.call('POST', INVOICES, { body, type: 'application/zip' });
  const refused = await send(zip(Buffer.alloc(5_000_000)));
  expect([refused.status, refused.json.code]).toEqual([503, 'NO_TEMPORARY_FILE']);
  expect(refused.json.detail).toContain('ENOENT');
  expect(refused.headers.get('retry-after')).toBe('5');
  expect((await send(zip(Buffer.from(goodXml())))).status).toBe(202);
});
