import { createHash } from 'node:crypto';
import { makeZip } from '@wsad/testkit/zip-maker';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { submitted } from '../src/schemas/submit.ts';
import { BAD_XML, goodXml, goodXmls, sellerPath } from './support/invoices.ts';
import { NIP, OTHER_NIP, startTestApi, type TestApi, TODAY } from './support/test-api.ts';

const INVOICES = sellerPath('invoices');

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.rings.lanes.length = 0;
});

describe('the four bodies', () => {
  it('takes one invoice as XML', async () => {
    const xml = goodXml();
    for (const type of ['application/xml', 'text/xml; charset=utf-8', 'Application/XML']) {
      const answer = await api.call('POST', INVOICES, { body: xml, type });
      expect(answer.status).toBe(202);
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
      const { invoices, ...counts } = submitted.parse(answer.json);
      expect(counts).toMatchObject({ accepted: 1, refused: 0 });
      expect(invoices).toEqual([
        {
          id: expect.any(String),
          externalId: null,
          fileName: null,
          invoiceNumber: expect.stringMatching(/^FV/),
          sha256: sha256(xml),
          state: 'held',
          errors: [],
        },
      ]);
    }
  });

  it('takes JSON with external ids, in the order given', async () => {
    const [first, second] = goodXmls(2);
    const json = { invoices: [{ externalId: 'A', xml: first }, { xml: second }], more: { ignored: [1] } };
    const answer = await api.call('POST', INVOICES, { json });
    expect(answer.status).toBe(202);
    const { invoices } = submitted.parse(answer.json);
    expect(invoices.map(({ externalId, sha256 }) => [externalId, sha256])).toEqual([
      ['A', sha256(first!)],
      [null, sha256(second!)],
    ]);
  });

  it('takes a flat ZIP', async () => {
    const files = goodXmls(7).map((xml, index) => ({ name: `${7 - index}.xml`, data: Buffer.from(xml) }));
    const answer = await api.call('POST', INVOICES, { body: makeZip(files), type: 'application/zip' });
    expect(answer.status).toBe(202);
    const { invoices, accepted } = submitted.parse(answer.json);
    expect(accepted).toBe(7);
    expect(invoices.map(({ fileName }) => fileName)).toEqual(files.map(({ name }) => name));
  });

  it('takes a form of files, ZIPs among them', async () => {
    const [first, second, third] = goodXmls(3);
    const form = new FormData();
    form.append('any', new Blob([first!]), 'one.xml');
    form.append('name', new Blob([makeZip([{ name: 'two.xml', data: Buffer.from(second!) }])]), 'more.zip');
    form.append('any', new Blob([third!]), 'three.xml');
    const answer = await api.call('POST', INVOICES, { body: form });
    expect(answer.status).toBe(202);
    const { invoices } = submitted.parse(answer.json);
    expect(invoices.map(({ fileName }) => fileName)).toEqual(['one.xml', 'two.xml', 'three.xml']);
  });

  it('gives the bytes back as they came', async () => {
    const xml = goodXml({ lines: 3 });
    const { json } = await api.call('POST', INVOICES, { body: xml, type: 'application/xml' });
    const stored = await api.call('GET', `/v1/invoices/${json.invoices[0].id}/xml`);
    expect(stored.status).toBe(200);
    expect(stored.headers.get('content-type')).toBe('application/xml');
    expect(stored.text).toBe(xml);
  });
});

describe('refusing', () => {
  it('refuses a bad invoice alone, with every reason', async () => {
    const json = {
      invoices: [
        { xml: goodXml() },
        { externalId: 'bad', xml: BAD_XML },
        { xml: 'none' },
        { xml: goodXml() },
      ],
    };
    const answer = await api.call('POST', INVOICES, { json });
    expect(answer.status).toBe(202);
    const { accepted, refused, invoices, submissionId } = submitted.parse(answer.json);
    expect([accepted, refused]).toEqual([2, 2]);
    expect(invoices.map(({ state }) => state)).toEqual(['held', 'refused', 'refused', 'held']);
    expect(invoices[1]).toMatchObject({ id: null, externalId: 'bad' });
    expect(invoices[1]?.errors[0]).toMatchObject({ code: 'ELEMENT_MISSING' });
    expect(invoices[2]?.errors[0]).toEqual({
      code: expect.stringMatching(/^[A-Z_]+$/),
      message: expect.stringMatching(/./),
      line: expect.any(Number),
    });
    const submission = await api.call('GET', `/v1/submissions/${submissionId}`);
    expect(submission.json).toMatchObject({ total: 2, byState: { held: 2 }, refused: 2, done: true });
  });

  it('answers 422 with the same list where all are refused', async () => {
    const answer = await api.call('POST', INVOICES, { json: { invoices: [{ xml: BAD_XML }, { xml: '' }] } });
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.json).toMatchObject({ code: 'ALL_REFUSED', status: 422, accepted: 0, refused: 2 });
    expect(answer.json.invoices[1]).toMatchObject({
      id: null,
      state: 'refused',
      errors: [{ code: 'EMPTY_FILE' }],
    });
  });

  it('refuses an oversized invoice alone', async () => {
    const huge = `<Faktura>${' '.repeat(3_100_000)}</Faktura>`;
    const { status, json } = await api.call('POST', INVOICES, {
      json: { invoices: [{ xml: huge }, { xml: goodXml() }] },
    });
    expect(status).toBe(202);
    expect(json.invoices[0]).toMatchObject({
      sha256: sha256(huge),
      state: 'refused',
      errors: [{ code: 'FILE_TOO_LARGE' }],
    });
  });

  it('refuses another seller, unless it is on behalf', async () => {
    const xml = goodXml({ nip: OTHER_NIP });
    const refused = await api.call('POST', INVOICES, { body: xml, type: 'application/xml' });
    expect(refused.status).toBe(422);
    expect(refused.json.invoices[0].errors[0].code).toBe('SELLER_MISMATCH');
    const taken = await api.call('POST', `${INVOICES}?onBehalf=true`, { body: xml, type: 'application/xml' });
    expect(taken.status).toBe(202);
  });

  it('takes a date up to 31 days ahead and none further', async () => {
    const near = goodXml({ issueDate: '2026-11-20' });
    const far = goodXml({ issueDate: '2026-11-21' });
    const { json } = await api.call('POST', INVOICES, { json: { invoices: [{ xml: near }, { xml: far }] } });
    expect(json.invoices.map(({ state }: { state: string }) => state)).toEqual(['held', 'refused']);
  });
});

describe('what came before', () => {
  it('answers the same bytes with the invoice already there', async () => {
    const xml = goodXml();
    const first = await api.call('POST', INVOICES, { body: xml, type: 'application/xml' });
    const again = await api.call('POST', INVOICES, { json: { invoices: [{ xml }, { xml }] } });
    expect(again.status).toBe(202);
    expect(again.json).toMatchObject({ accepted: 2, refused: 0 });
    expect(new Set(again.json.invoices.map(({ id }: { id: string }) => id))).toEqual(
      new Set([first.json.invoices[0].id]),
    );
  });

  it('refuses the same number with other bytes alone and names the earlier one', async () => {
    const first = await api.call('POST', INVOICES, {
      body: goodXml({ number: 'TWICE' }),
      type: 'application/xml',
    });
    const again = await api.call('POST', INVOICES, {
      json: { invoices: [{ xml: goodXml({ number: 'TWICE' }) }, { xml: goodXml() }] },
    });
    expect(again.json).toMatchObject({ accepted: 1, refused: 1 });
    const { id } = first.json.invoices[0];
    expect(again.json.invoices[0].errors).toEqual([
      {
        code: 'INVOICE_NUMBER_TAKEN',
        line: null,
        message: expect.stringContaining(id),
        earlier: { id, state: 'held', ksefNumber: null },
      },
    ]);
  });

  it('takes it anew once the earlier one was withdrawn', async () => {
    const xml = goodXml();
    const first = await api.call('POST', INVOICES, { body: xml, type: 'application/xml' });
    const { id } = first.json.invoices[0];
    expect((await api.call('POST', `/v1/invoices/${id}/withdraw`)).json).toMatchObject({
      state: 'withdrawn',
    });
    const again = await api.call('POST', INVOICES, { body: xml, type: 'application/xml' });
    expect(again.json.invoices[0].id).not.toBe(id);
  });
});

describe('ringing', () => {
  const nip = '5260250274';
  beforeAll(async () => {
    await api.call('PUT', sellerPath('credentials', nip), { json: { type: 'ksefToken', token: 't' } });
  });

  it('rings each lane that got something, and lets few linger', async () => {
    const due = async (count: number, query = '') => {
      const invoices = goodXmls(count).map((_, index) => ({
        xml: goodXml({ nip, number: `${count}${query}${index}` }),
      }));
      const { json } = await api.call('POST', sellerPath(`invoices${query}`, nip), { json: { invoices } });
      expect(json.invoices[0].state).toBe('accepted');
      const record = await api.ledger.invoice(json.invoices[0].id, 'all');
      return record!.dueAt.getTime() - record!.acceptedAt.getTime();
    };
    expect(await due(1)).toBe(250);
    expect(await due(5)).toBe(250);
    expect(await due(6)).toBe(0);
    expect(await due(1, '?urgent=true')).toBe(0);
    expect(await due(1, '?offline')).toBe(250);
    const lane = { nip, form: 'FA (3)' };
    expect(api.rings.lanes).toEqual([
      ...Array.from({ length: 4 }, () => ({ ...lane, mode: 'online' })),
      { ...lane, mode: 'offline' },
    ]);
  });

  it('rings nothing where nothing new came', async () => {
    const xml = goodXml({ nip });
    const path = sellerPath('invoices', nip);
    await api.call('POST', path, { body: xml, type: 'application/xml' });
    api.rings.lanes.length = 0;
    await api.call('POST', path, { body: xml, type: 'application/xml' });
    expect(api.rings.lanes).toEqual([]);
  });
});

it('says where the calendar stands: today is the day in Warsaw', async () => {
  const late = await startTestApi();
  late.setNow(new Date(`${TODAY}T22:30:00Z`));
  const xml = goodXml({ issueDate: '2026-11-21' });
  const answer = await late.call('POST', `/v1/sellers/${NIP}/invoices`, { body: xml, type: 'text/xml' });
  expect(answer.status).toBe(202);
  await late.close();
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
