/** Accepted invoices found again: by number, by filters page by page, and as packages. */
import { createDecipheriv } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { expect, test } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { rateLimits280, startEmulator } from '../src/index.ts';
import {
  at,
  call,
  encryptionFor,
  exceptionCode,
  listAt,
  logIn,
  sendBatch,
  textAt,
} from './support/client.ts';
import { freshSessionKey, type SessionKey, sha256 } from './support/crypto.ts';
import { smallPackage } from './support/fault-stage.ts';
import { type Harness, useEmulator } from './support/harness.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';

const often = { perSecond: 99, perMinute: 999, perHour: 9999 };
/** The few queries an hour allows would be no test of what they answer. */
const limits = { ...rateLimits280, invoiceMetadata: often, invoiceExport: often };
const harness = useEmulator({ limits });
const march = { dateType: 'PermanentStorage', from: '2026-03-01T00:00:00Z', to: '2026-03-31T00:00:00Z' };
const own = { subjectType: 'Subject1', dateRange: march };

async function seller(numbers: readonly string[]) {
  const nip = freshNip();
  const { access: token } = await logIn(harness, nip);
  if (numbers.length > 0) await sendBatch(harness, token, await smallPackage(harness, nip, numbers));
  return { nip, token };
}

async function query(token: string, body: unknown, parameters = '', wrong = false) {
  return call(harness, 'POST', `/invoices/query/metadata${parameters}`, { token, body, wrong });
}

async function numbersFor(token: string, more: Record<string, unknown> = {}, parameters = '') {
  const { body } = await query(token, { ...own, ...more }, parameters);
  return listAt(body, 'invoices').map((invoice) => at(invoice, 'invoiceNumber'));
}

test('an invoice is told of in full', async () => {
  const { nip, token } = await seller(['1']);
  const { body } = await query(token, own);
  expect(body).toMatchObject({ hasMore: false, isTruncated: false });
  const [registered] = harness.emulator.control.registry().filter((item) => item.nip === nip);
  expect(listAt(body, 'invoices')).toEqual([
    expect.objectContaining({
      ksefNumber: registered?.ksefNumber,
      invoiceNumber: '1',
      issueDate: '2026-03-16',
      seller: { nip, name: 'Sprzedawca' },
      buyer: { identifier: { type: 'Nip', value: '1111111111' }, name: 'Nabywca' },
      netAmount: 100,
      vatAmount: 23,
      grossAmount: 123,
      currency: 'PLN',
      invoicingMode: 'Online',
      invoiceType: 'Vat',
      invoiceHash: sha256(invoiceXml({ nip, number: '1' })),
      hasAttachment: false,
      isSelfInvoicing: false,
    }),
  ]);
});

test('each filter keeps what it names and nothing else', async () => {
  const { nip, token } = await seller(['1', '2']);
  const [first] = harness.emulator.control.registry().filter((item) => item.nip === nip);
  const keeps: [Record<string, unknown>, string[]][] = [
    [{ invoiceNumber: '2' }, ['2']],
    [{ ksefNumber: first?.ksefNumber }, ['1']],
    [{ sellerNip: nip }, ['1', '2']],
    [{ sellerNip: freshNip() }, []],
    [{ subjectType: 'Subject2' }, []],
    [{ subjectType: 'Subject3' }, []],
    [{ invoicingMode: 'Offline' }, []],
    [{ formType: 'FA_RR' }, []],
    [{ invoiceTypes: ['Kor'] }, []],
    [{ invoiceTypes: ['Kor', 'Vat'] }, ['1', '2']],
    [{ hasAttachment: true }, []],
    [{ currencyCodes: ['EUR'] }, []],
    [{ amount: { type: 'Brutto', from: 123, to: 123 } }, ['1', '2']],
    [{ amount: { type: 'Netto', from: 100.01 } }, []],
    [{ isSelfInvoicing: true }, []],
    [{ buyerIdentifier: { type: 'Nip', value: '1111111111' } }, ['1', '2']],
    [{ buyerIdentifier: { type: 'None' } }, []],
    [
      {
        dateRange: { dateType: 'Issue', from: '2026-03-16T00:00:00+01:00', to: '2026-03-16T23:00:00+01:00' },
      },
      ['1', '2'],
    ],
    [
      {
        dateRange: { dateType: 'Issue', from: '2026-03-17T00:00:00+01:00', to: '2026-03-20T00:00:00+01:00' },
      },
      [],
    ],
    [{ dateRange: { ...march, dateType: 'Invoicing' } }, ['1', '2']],
    [{ dateRange: { ...march, to: '2026-03-02T00:00:00Z' } }, []],
  ];
  for (const [filter, kept] of keeps)
    expect([filter, await numbersFor(token, filter)]).toEqual([filter, kept]);
});

test('the buyer finds it as Subject2', async () => {
  const { token: buyer } = { token: (await logIn(harness, '1111111111')).access };
  const { nip } = await seller(['for the buyer']);
  expect(await numbersFor(buyer, { subjectType: 'Subject2', sellerNip: nip })).toEqual(['for the buyer']);
});

test('pages are exact, in both directions', async () => {
  const numbers = Array.from({ length: 23 }, (_, place) => String(place + 1).padStart(2, '0'));
  const { token } = await seller(numbers);
  const pages = [0, 1, 2].map((page) => numbersFor(token, {}, `?pageSize=10&pageOffset=${page}`));
  expect((await Promise.all(pages)).map((page) => page.length)).toEqual([10, 10, 3]);
  expect((await Promise.all(pages)).flat()).toEqual(numbers);
  const last = await query(token, own, '?pageSize=10&pageOffset=2');
  const second = await query(token, own, '?pageSize=10&pageOffset=1');
  expect([at(second.body, 'hasMore'), at(last.body, 'hasMore')]).toEqual([true, false]);
  expect(await numbersFor(token, {}, '?pageSize=250&sortOrder=Desc')).toHaveLength(23);
});

test('what cannot be asked is refused', async () => {
  const { token } = await seller([]);
  const wrongs: [unknown, string, number][] = [
    [{ ...own, dateRange: { ...march, from: '2025-12-01T00:00:00Z' } }, '', 21405],
    [{ ...own, dateRange: { ...march, from: '2026-04-02T00:00:00Z' } }, '', 21405],
    [{ dateRange: march }, '', 21405],
    [own, '?pageSize=9', 21405],
    [own, '?pageSize=251', 21405],
    [own, '?pageOffset=-1', 21405],
  ];
  for (const [body, parameters, code] of wrongs) {
    expect([body, exceptionCode(await query(token, body, parameters, true))]).toEqual([body, code]);
  }
  const later = { ...march, from: '2026-03-30T00:00:00Z', restrictToPermanentStorageHwmDate: true };
  expect(exceptionCode(await query(token, { ...own, dateRange: later }))).toBe(21183);
});

test('reading needs InvoiceRead', async () => {
  const nip = freshNip();
  const writer = harness.emulator.control.issueToken(nip, ['InvoiceWrite']);
  const { access: token } = await logIn(harness, nip, writer.token);
  const refused = await query(token, own, '', true);
  expect([refused.status, at(refused.body, 'reasonCode')]).toEqual([403, 'missing-permissions']);
});

type Asked = { stage?: Harness; onlyMetadata?: boolean; compressionType?: string; key?: SessionKey };

async function startExport(token: string, { stage = harness, key = freshSessionKey(), ...more }: Asked) {
  const body = { encryption: encryptionFor(stage, key), filters: own, ...more };
  return call(stage, 'POST', '/invoices/exports', { token, body });
}

async function exported(token: string, asked: Asked = {}) {
  const key = freshSessionKey();
  const { body } = await startExport(token, { ...asked, key });
  await harness.emulator.control.idle();
  const reference = textAt(body, 'referenceNumber');
  const status = await call(harness, 'GET', `/invoices/exports/${reference}`, { token });
  return { key, reference, status: status.body };
}

/** Downloads and opens every part, checking the hashes it was told. */
async function archiveOf(status: unknown, { key, iv }: SessionKey): Promise<Buffer> {
  const plain: Buffer[] = [];
  for (const part of listAt(status, 'package.parts')) {
    const answer = await fetch(textAt(part, 'url'), { method: textAt(part, 'method') });
    const encrypted = Buffer.from(await answer.arrayBuffer());
    expect(answer.headers.get('x-ms-meta-hash')).toBe(sha256(encrypted));
    expect([at(part, 'encryptedPartHash'), at(part, 'encryptedPartSize')]).toEqual([
      sha256(encrypted),
      encrypted.length,
    ]);
    const aes = createDecipheriv('aes-256-cbc', key, iv);
    const bytes = Buffer.concat([aes.update(encrypted), aes.final()]);
    expect([at(part, 'partHash'), at(part, 'partSize')]).toEqual([sha256(bytes), bytes.length]);
    plain.push(bytes);
  }
  return Buffer.concat(plain);
}

async function unzipped(archive: Buffer): Promise<Map<string, string>> {
  const zip = await fromBufferPromise(archive, { lazyEntries: true });
  const files = new Map<string, string>();
  for await (const entry of zip.eachEntry()) {
    files.set(entry.fileName, String(await buffer(await zip.openReadStreamPromise(entry))));
  }
  return files;
}

async function untarred(archive: Buffer): Promise<Map<string, string>> {
  const tar = extract();
  tar.end(gunzipSync(archive));
  const files = new Map<string, string>();
  for await (const entry of tar) files.set(entry.header.name, String(await buffer(entry)));
  return files;
}

test.for([
  ['Zip', unzipped],
  ['TarGz', untarred],
] as const)('an export in %s holds the documents and their metadata', async ([compressionType, open]) => {
  const { nip, token } = await seller(['1', '2', '3']);
  const { key, status } = await exported(token, { compressionType });
  expect(status).toMatchObject({ status: { code: 200 }, package: { invoiceCount: 3, isTruncated: false } });
  const files = await open(await archiveOf(status, key));
  const kept = harness.emulator.control.registry().filter((item) => item.nip === nip);
  expect([...files.keys()]).toEqual([...kept.map((item) => `${item.ksefNumber}.xml`), '_metadata.json']);
  for (const { ksefNumber, sha256: hash } of kept) {
    expect(sha256(files.get(`${ksefNumber}.xml`) ?? '')).toBe(hash);
  }
});

test('an export of metadata alone brings every hash', async () => {
  const { nip, token } = await seller(['1', '2']);
  const { key, status } = await exported(token, { onlyMetadata: true });
  const files = await unzipped(await archiveOf(status, key));
  expect([...files.keys()]).toEqual(['_metadata.json']);
  const told = listAt(JSON.parse(files.get('_metadata.json') ?? ''), 'invoices');
  const kept = harness.emulator.control.registry().filter((item) => item.nip === nip);
  expect(told.map((item) => at(item, 'invoiceHash'))).toEqual(kept.map((item) => item.sha256));
});

test('an export is known to its context for seven days', async () => {
  const { nip, token } = await seller(['1']);
  const { reference } = await exported(token);
  const path = `/invoices/exports/${reference}`;
  const { token: stranger } = await seller([]);
  expect(exceptionCode(await call(harness, 'GET', path, { token: stranger }))).toBe(21175);
  const unknown = `/invoices/exports/${reference.slice(0, -2)}ZZ`;
  expect(exceptionCode(await call(harness, 'GET', unknown, { token }))).toBe(21175);
  harness.clock.advance(7 * 24 * 3_600_000);
  const { access: later } = await logIn(harness, nip);
  expect((await call(harness, 'GET', path, { token: later })).status).toBe(410);
});

test('a key that nobody here can open ends an export with 415', async () => {
  const { token } = await seller([]);
  const started = await startExport(token, {
    key: { key: Buffer.alloc(16, 1), iv: Buffer.alloc(16) },
  });
  await harness.emulator.control.idle();
  const path = `/invoices/exports/${textAt(started.body, 'referenceNumber')}`;
  expect((await call(harness, 'GET', path, { token })).body).toMatchObject({ status: { code: 415 } });
});

test('ten exports at a time, and no eleventh', async () => {
  const busy = await startEmulator({ clock: harness.clock.now, speed: 'realistic', limits });
  const stage = { ...harness, emulator: busy };
  const { access: token } = await logIn(stage, freshNip());
  const started = await Promise.all(Array.from({ length: 11 }, () => startExport(token, { stage })));
  await busy.close();
  expect(started.map(({ status }) => status).sort()).toEqual([...Array(10).fill(201), 400]);
});
