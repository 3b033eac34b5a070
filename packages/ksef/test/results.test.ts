import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ACCESS_TOKEN, happyKsef, KSEF_NUMBER, SESSION, xmlReply } from './support/happy-ksef.ts';
import type { Reply } from './support/scripted-server.ts';
import { exceptionReply, faultOf, NIP, startWorld } from './support/world.ts';

const STATUS = `GET /sessions/${SESSION}`;
const LIST = `GET /sessions/${SESSION}/invoices`;

async function listAll(replies: Reply[], which: 'all' | 'failed' = 'all') {
  const route = which === 'failed' ? `${LIST}/failed` : LIST;
  const world = await startWorld(happyKsef({ [route]: replies }));
  const listing = collect(world.client.sessionInvoices(NIP, ACCESS_TOKEN, SESSION, which));
  return { ...world, listing };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

function listed(ordinalNumber: number, over: Record<string, unknown> = {}) {
  return {
    ordinalNumber,
    referenceNumber: `20260901-EE-${ordinalNumber}`,
    invoiceHash: `hash ${ordinalNumber}`,
    invoicingDate: '2026-09-01T10:00:00+00:00',
    status: { code: 200, description: 'Sukces' },
    ...over,
  };
}

describe("a session's status", () => {
  it('is read with its counts and UPO pages', async () => {
    const page = { referenceNumber: 'page-1', downloadUrl: 'https://upo.example.com/1?sig=x' };
    const json = {
      status: { code: 200, description: 'Sesja przetworzona', details: ['ok'] },
      dateCreated: '2026-09-01T10:00:00+00:00',
      invoiceCount: 500,
      successfulInvoiceCount: 499,
      failedInvoiceCount: 1,
      upo: { pages: [{ ...page, downloadUrlExpirationDate: '2026-09-04T10:00:00+00:00' }] },
    };
    const { client } = await startWorld({ [STATUS]: { json } });
    await expect(client.sessionStatus(NIP, ACCESS_TOKEN, SESSION)).resolves.toEqual({
      code: 200,
      description: 'Sesja przetworzona',
      details: ['ok'],
      invoiceCount: 500,
      successfulInvoiceCount: 499,
      failedInvoiceCount: 1,
      upoPages: [{ reference: 'page-1', downloadUrl: page.downloadUrl }],
    });
  });

  it('may know no counts and no UPO yet', async () => {
    const json = {
      status: { code: 100, description: 'Otwarta', details: null },
      upo: null,
      invoiceCount: null,
    };
    const { client } = await startWorld({ [STATUS]: { json } });
    await expect(client.sessionStatus(NIP, ACCESS_TOKEN, SESSION)).resolves.toEqual({
      code: 100,
      description: 'Otwarta',
      details: [],
      invoiceCount: null,
      successfulInvoiceCount: null,
      failedInvoiceCount: null,
      upoPages: [],
    });
  });
});

describe("a session's invoices", () => {
  it('come page by page, each page one call', async () => {
    const { listing, server, pacer } = await listAll([
      { json: { continuationToken: 'second', invoices: [listed(1), listed(2)] } },
      { json: { continuationToken: null, invoices: [listed(3)] } },
    ]);
    expect((await listing).map(({ ordinal }) => ordinal)).toEqual([1, 2, 3]);
    expect(server.seen.map(({ path }) => path)).toEqual(
      Array(2).fill(`/v2/sessions/${SESSION}/invoices?pageSize=1000`),
    );
    expect(server.seen.map(({ headers }) => headers['x-continuation-token'])).toEqual([undefined, 'second']);
    expect(pacer.taken.map(({ operation }) => operation)).toEqual(['sessionInvoices', 'sessionInvoices']);
  });

  it('narrow to the refused ones', async () => {
    const { listing, server, pacer } = await listAll([{ json: { invoices: [] } }], 'failed');
    await expect(listing).resolves.toEqual([]);
    expect(server.seen[0]?.path).toBe(`/v2/sessions/${SESSION}/invoices/failed?pageSize=1000`);
    expect(pacer.taken[0]?.operation).toBe('failedInvoices');
  });

  it('carry verdict, number and what a duplicate is of', async () => {
    const accepted = listed(1, {
      ksefNumber: KSEF_NUMBER,
      invoiceFileName: '1.xml',
      acquisitionDate: '2026-09-01T10:00:01.5+02:00',
      invoicingMode: 'Online',
    });
    const extensions = {
      originalKsefNumber: KSEF_NUMBER,
      originalSessionReferenceNumber: SESSION,
      more: null,
    };
    const duplicate = { code: 440, description: 'Duplikat faktury', details: ['d'], extensions };
    const { listing } = await listAll([{ json: { invoices: [accepted, listed(2, { status: duplicate })] } }]);
    await expect(listing).resolves.toEqual([
      {
        ordinal: 1,
        sha256: 'hash 1',
        fileName: '1.xml',
        reference: '20260901-EE-1',
        ksefNumber: KSEF_NUMBER,
        invoicingMode: 'Online',
        acquiredAt: new Date('2026-09-01T08:00:01.500Z'),
        verdict: { code: 200, description: 'Sukces', details: [] },
      },
      {
        ordinal: 2,
        sha256: 'hash 2',
        fileName: null,
        reference: '20260901-EE-2',
        ksefNumber: null,
        invoicingMode: null,
        acquiredAt: null,
        verdict: {
          code: 440,
          description: 'Duplikat faktury',
          details: ['d'],
          originalKsefNumber: KSEF_NUMBER,
          originalSessionReference: SESSION,
        },
      },
    ]);
  });

  it('are a fault where the continuation repeats', async () => {
    const { listing, server } = await listAll([
      { json: { continuationToken: 'a', invoices: [listed(1)] } },
      { json: { continuationToken: 'b', invoices: [listed(2)] } },
      { json: { continuationToken: 'a', invoices: [listed(1)] } },
    ]);
    const fault = await faultOf(listing);
    expect(fault.treatment).toBe('retry');
    expect(fault.message).toContain('circles');
    expect(server.seen).toHaveLength(3);
  });

  it.each([undefined, null, ''])('may miss the hash of one: %s', async (invoiceHash) => {
    const { listing } = await listAll([{ json: { invoices: [listed(1, { invoiceHash })] } }]);
    expect(await listing).toMatchObject([{ sha256: null, reference: expect.any(String) }]);
  });
});

describe('limits in force', () => {
  const limitsOf = async (json: unknown) => {
    const { client } = await startWorld(happyKsef({ 'GET /rate-limits': { json } }));
    return client.rateLimits(NIP, ACCESS_TOKEN);
  };

  it('are whatever groups KSeF names', async () => {
    const limits = await limitsOf({
      batchSession: { perSecond: 10, perMinute: 20, perHour: 60 },
      batchSessionClose: { perSecond: 20, perMinute: 40, perHour: 120 },
      anonymous: { perSecond: 60, perMinute: null, perHour: null },
      newAndOdd: { perMinute: 5 },
      notAGroup: 'text',
      neither: { other: 1 },
      nor: null,
    });
    expect(limits).toEqual({
      batchSession: { perSecond: 10, perMinute: 20, perHour: 60 },
      batchSessionClose: { perSecond: 20, perMinute: 40, perHour: 120 },
      anonymous: { perSecond: 60 },
      newAndOdd: { perSecond: 5, perMinute: 5 },
    });
  });

  it.each([{}, { a: 1 }, [], 'text'])('are a fault where there are none: %j', async (json) => {
    expect((await faultOf(limitsOf(json))).treatment).toBe('retry');
  });
});

describe('the hash of an invoice in KSeF', () => {
  const hashOf = async (reply: Reply) => {
    const { client } = await startWorld(happyKsef({ [`GET /invoices/ksef/${KSEF_NUMBER}`]: reply }));
    return (await client.downloadInvoice(NIP, ACCESS_TOKEN, KSEF_NUMBER)).sha256;
  };
  const sha256 = createHash('sha256').update('<Faktura/>').digest('base64');

  it('is that of its bytes', async () => {
    await expect(
      hashOf({ body: '<Faktura/>', headers: { 'content-type': 'application/xml' } }),
    ).resolves.toBe(sha256);
  });

  it.each([
    ['a page', { body: '<html></html>', headers: { 'content-type': 'text/html' } }, 'retry'],
    [
      'a page called XML',
      { body: '<!DOCTYPE html>', headers: { 'content-type': 'application/xml' } },
      'retry',
    ],
    ['nothing', { body: '' }, 'retry'],
    ['an invoice not to be had yet (21165)', exceptionReply(21165), 'retry'],
    ['an unknown number (21164)', exceptionReply(21164), 'stop'],
  ] as [string, Reply, string][])('is not that of %s', async (_name, reply, treatment) => {
    expect((await faultOf(hashOf(reply))).treatment).toBe(treatment);
  });
});

describe('consent to attachments', () => {
  const route = 'GET /permissions/attachments/status';

  it.each([
    [
      { isAttachmentAllowed: true, revokedDate: null },
      { allowed: true, until: null },
    ],
    [{ isAttachmentAllowed: false }, { allowed: false, until: null }],
    [
      { isAttachmentAllowed: true, revokedDate: '2026-12-01T00:00:00+01:00' },
      { allowed: true, until: new Date('2026-11-30T23:00:00Z') },
    ],
  ])('is read from %j', async (json, consent) => {
    const { client } = await startWorld({ [route]: { json } });
    await expect(client.attachmentConsent(NIP, ACCESS_TOKEN)).resolves.toEqual(consent);
  });

  it('that says nothing is a fault', async () => {
    const { client } = await startWorld({ [route]: { json: {} } });
    const fault = await faultOf(client.attachmentConsent(NIP, ACCESS_TOKEN));
    expect(fault.treatment).toBe('retry');
  });
});

describe('an invoice fetched back', () => {
  it('comes with the hash of its own bytes, whatever KSeF says of it', async () => {
    const reply = xmlReply('<Faktura/>');
    const lying = { ...reply, headers: { ...reply.headers, 'x-ms-meta-hash': 'another' } };
    const { client } = await startWorld({ [`GET /invoices/ksef/${KSEF_NUMBER}`]: lying });
    const { xml, sha256 } = await client.downloadInvoice(NIP, ACCESS_TOKEN, KSEF_NUMBER);
    expect(xml.toString()).toBe('<Faktura/>');
    expect(sha256).toBe(createHash('sha256').update('<Faktura/>').digest('base64'));
  });
});
