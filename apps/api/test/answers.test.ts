import { createHash } from 'node:crypto';
import { isKsefNumber } from '@wsad/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPORT_COLUMNS } from '../src/report.ts';
import { invoice, invoicePage } from '../src/schemas/invoice.ts';
import { submission } from '../src/schemas/submission.ts';
import { handIn, startApiWithSellers } from './support/handing-in.ts';
import { goodXml, goodXmls, sellerPath } from './support/invoices.ts';
import { ksefNumber, nextMinute, sendAll, sendAndSettle, type Verdicts, verdict } from './support/sending.ts';
import { NIP, OTHER_NIP, startTestApi, type TestApi } from './support/test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApiWithSellers();
});
afterAll(() => api.close());

const hand = (xmls: readonly string[], nip = NIP) => handIn(api, xmls, nip);

describe('a submission', () => {
  it('counts by state, names its sessions, and is done when all have come to rest', async () => {
    const { submissionId, invoices } = await hand(goodXmls(7));
    const path = `/v1/submissions/${submissionId}`;
    const fresh = submission.parse((await api.call('GET', path)).json);
    expect(fresh).toMatchObject({
      id: submissionId,
      nip: NIP,
      total: 7,
      byState: { accepted: 7 },
      done: false,
    });

    const verdicts: Verdicts = { [invoices[0]!.sha256]: verdict(450), [invoices[1]!.sha256]: verdict(410) };
    const sessionId = await sendAndSettle(api, NIP, verdicts);
    const settled = submission.parse((await api.call('GET', path)).json);
    expect(settled).toMatchObject({ byState: { cleared: 5, rejected: 1, held: 1 }, done: true });
    expect(settled.sessions).toEqual([
      { id: sessionId, kind: 'batch', state: 'settled', reference: `20261020-SB-${sessionId}`, invoices: 7 },
    ]);
  });

  it('gives its result list as CSV', async () => {
    const number = '=HYPERLINK("http://evil")';
    const { submissionId } = await hand([goodXml({ number }), 'no invoice', goodXml()]);
    const answer = await api.call('GET', `/v1/submissions/${submissionId}/report.csv`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/);
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="report-${submissionId}.csv"`,
    );
    const lines = answer.text.split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toBe(REPORT_COLUMNS.join(','));
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(lines[2]).toMatch(/^2,,,,.*,refused,.*NOT_WELL_FORMED/);
    expect(answer.text.charCodeAt(0)).not.toBe(0xfeff);
  });

  it('tells its progress as server-sent events until it is done', async () => {
    const { submissionId } = await hand(goodXmls(6));
    const events = await fetch(`${api.url}/v1/submissions/${submissionId}/events`, {
      headers: { authorization: `Bearer ${await api.key('read', [NIP])}` },
    });
    expect(events.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const seen: { event: string; data: { byState: object; done: boolean } }[] = [];
    const steps = [() => sendAll(api, NIP), (id: string) => settle(id)];
    let sessionId = '';
    for await (const text of events.body!.pipeThrough(new TextDecoderStream())) {
      for (const block of text.split('\n\n').filter((part) => part.startsWith('event'))) {
        const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
        seen.push({ event, data: JSON.parse(data) });
        const step = steps.shift();
        if (step !== undefined) sessionId = (await step(sessionId)) ?? '';
      }
    }
    expect(seen.map(({ event }) => event).slice(-2)).toEqual(['progress', 'done']);
    expect(seen[0]?.data).toMatchObject({ byState: { accepted: 6 }, done: false });
    expect(seen.at(-1)?.data).toMatchObject({ byState: { cleared: 6 }, done: true });
    for (const { data } of seen) submission.parse(data);
  });

  it('ends its events when the server closes', async () => {
    const closing = await startTestApi();
    await closing.call('PUT', sellerPath('credentials'), { json: { type: 'ksefToken', token: 't' } });
    const { json } = await closing.call('POST', sellerPath('invoices'), {
      body: goodXml(),
      type: 'text/xml',
    });
    const key = await closing.key('read', 'all');
    const events = await fetch(`${closing.url}/v1/submissions/${json.submissionId}/events`, {
      headers: { authorization: `Bearer ${key}` },
    });
    const [text] = await Promise.all([events.text(), closing.close()]);
    expect(text).toMatch(/^event: progress\n/);
  });
});

async function settle(sessionId: string): Promise<undefined> {
  const members = await api.ledger.members(sessionId);
  const settlements = members.map(({ sha256 }) => ({
    sha256,
    reference: null,
    outcome: {
      state: 'cleared' as const,
      ksefNumber: ksefNumber(),
      invoicingMode: 'Online',
      acquiredAt: new Date(),
      receiptPage: null,
    },
  }));
  await api.ledger.settleSession(sessionId, settlements, [], nextMinute());
}

describe('an invoice', () => {
  it('is told with its number, link and timeline once it is cleared', async () => {
    const [xml = ''] = goodXmls(1);
    const { invoices } = await hand([xml, ...goodXmls(5)]);
    const path = `/v1/invoices/${invoices[0]!.id}`;
    expect((await api.call('GET', path)).json).toMatchObject({
      state: 'accepted',
      ksefNumber: null,
      error: null,
    });
    await sendAndSettle(api, NIP);
    const { json } = await api.call('GET', path);
    const told = invoice.parse(json);
    const hash = createHash('sha256').update(xml).digest('base64url');
    expect(told).toMatchObject({
      nip: NIP,
      externalId: null,
      invoiceNumber: invoices[0]!.invoiceNumber,
      state: 'cleared',
      invoicingMode: 'Online',
      upoAvailable: true,
      error: null,
      held: null,
      verificationUrl: `https://qr-test.ksef.mf.gov.pl/invoice/${NIP}/20-10-2026/${hash}`,
    });
    expect(isKsefNumber(told.ksefNumber!)).toBe(true);
    expect(told.sessionReference).toMatch(/^20261020-SB-/);
    expect(told.timeline.length).toBeGreaterThan(2);
    expect(told.timeline.map(({ event }) => event)).toContain('submission.accepted');
    expect(JSON.stringify(json)).not.toContain('sig=secret');
  });

  it('is told with the reason where KSeF refused it', async () => {
    const { invoices } = await hand(goodXmls(6));
    await sendAndSettle(api, NIP, {
      [invoices[0]!.sha256]: verdict(450),
      [invoices[1]!.sha256]: verdict(410),
    });
    const rejected = invoice.parse((await api.call('GET', `/v1/invoices/${invoices[0]!.id}`)).json);
    const error = { description: 'verdict 450', details: ['because'], code: 450 };
    expect(rejected).toMatchObject({ state: 'rejected', error, held: null, verificationUrl: null });
    const held = invoice.parse((await api.call('GET', `/v1/invoices/${invoices[1]!.id}`)).json);
    expect(held).toMatchObject({
      state: 'held',
      error: { code: 410 },
      held: { cause: 'permission_missing' },
    });
  });

  it('is found by seller, state, number and KSeF number, page by page', async () => {
    const number = `FIND/${Date.now()}`;
    const { invoices } = await hand(
      [goodXml({ number, nip: OTHER_NIP }), ...goodXmls(5)].map((xml) => xml),
      OTHER_NIP,
    );
    expect(invoices[0]).toMatchObject({ invoiceNumber: number });
    await hand(
      Array.from({ length: 6 }, () => goodXml({ nip: OTHER_NIP })),
      OTHER_NIP,
    );
    await sendAndSettle(api, OTHER_NIP);
    const find = async (query: string) =>
      invoicePage.parse((await api.call('GET', `/v1/invoices?${query}`)).json);
    const byNumber = await find(`invoiceNumber=${encodeURIComponent(number)}`);
    expect(byNumber.items.map(({ id }) => id)).toEqual([invoices[0]!.id]);
    const byKsefNumber = await find(`ksefNumber=${byNumber.items[0]!.ksefNumber}`);
    expect(byKsefNumber.items).toEqual(byNumber.items);

    const all: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await find(`nip=${OTHER_NIP}&state=cleared&limit=3&cursor=${cursor}`);
      all.push(...page.items.map(({ id }) => id));
      expect(page.items.length).toBeLessThanOrEqual(3);
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(all).toHaveLength(7);
    expect(all).toEqual([...new Set(all)].sort().reverse());
  });
});
