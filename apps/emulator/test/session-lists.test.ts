/** Lists of sessions and invoices: every filter, exact pages, and what a list refuses. */
import { expect, test } from 'vitest';
import { rateLimits280 } from '../src/index.ts';
import {
  at,
  call,
  exceptionCode,
  listAt,
  logIn,
  openBatch,
  openOnline,
  sendBatch,
} from './support/client.ts';
import { smallPackage } from './support/fault-stage.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip } from './support/invoice.ts';

const often = { perSecond: 99, perMinute: 999, perHour: 9999 };
const harness = useEmulator({ limits: { ...rateLimits280, sessionList: often, sessionInvoiceList: often } });

async function newSeller(): Promise<{ nip: string; token: string }> {
  const nip = freshNip();
  return { nip, token: (await logIn(harness, nip)).access };
}

/** Follows the continuation tokens to the end; answers the pages. */
async function pagesOf(token: string, path: string, items: string): Promise<unknown[][]> {
  const pages: unknown[][] = [];
  let continuation: string | undefined;
  do {
    const headers: Record<string, string> =
      continuation === undefined ? {} : { 'x-continuation-token': continuation };
    const { body } = await call(harness, 'GET', path, { token, headers });
    pages.push(listAt(body, items));
    const next = at(body, 'continuationToken');
    continuation = typeof next === 'string' ? next : undefined;
  } while (continuation !== undefined);
  return pages;
}

test('invoices come in exact pages, whatever the size', async () => {
  const { nip, token } = await newSeller();
  const numbers = Array.from({ length: 41 }, (_, place) => `${place + 1}`);
  const { reference } = await sendBatch(harness, token, await smallPackage(harness, nip, numbers));
  for (const pageSize of [10, 20, 40, 41, 42, 1000]) {
    const path = `/sessions/${reference}/invoices?pageSize=${pageSize}`;
    const pages = await pagesOf(token, path, 'invoices');
    expect(
      pages
        .map((page) => page.length)
        .slice(0, -1)
        .every((length) => length === pageSize),
    ).toBe(true);
    expect(pages).toHaveLength(Math.ceil(41 / pageSize));
    expect(pages.flat().map((invoice) => at(invoice, 'invoiceNumber'))).toEqual(numbers);
  }
});

test('sessions come newest first, in exact pages', async () => {
  const { token } = await newSeller();
  const opened: string[] = [];
  for (let i = 0; i < 12; i += 1) opened.unshift((await openOnline(harness, token)).reference);
  const pages = await pagesOf(token, '/sessions?sessionType=Online&pageSize=10', 'sessions');
  expect(pages.map((page) => page.length)).toEqual([10, 2]);
  expect(pages.flat().map((session) => at(session, 'referenceNumber'))).toEqual(opened);
});

test('every filter of sessions keeps what it names', async () => {
  const { nip, token } = await newSeller();
  const openedAt = harness.clock.now();
  harness.clock.advance(1_000);
  const done = await sendBatch(harness, token, await smallPackage(harness, nip));
  harness.clock.advance(60_000);
  const between = harness.clock.now();
  harness.clock.advance(1_000);
  const { reference: left } = await openBatch(
    harness,
    token,
    (await smallPackage(harness, nip, ['2'])).request,
  );
  const early = encodeURIComponent(openedAt.toISOString());
  const middle = encodeURIComponent(between.toISOString());
  const keeps: [string, string[]][] = [
    ['', [left, done.reference]],
    [`&referenceNumber=${left}`, [left]],
    ['&statuses=InProgress', [left]],
    ['&statuses=Succeeded', [done.reference]],
    ['&statuses=Failed&statuses=Cancelled', []],
    ['&statuses=InProgress&statuses=Succeeded', [left, done.reference]],
    [`&dateCreatedFrom=${middle}`, [left]],
    [`&dateCreatedFrom=${early}&dateCreatedTo=${middle}`, [done.reference]],
    [`&dateClosedFrom=${early}`, [done.reference]],
    [`&dateClosedTo=${early}`, []],
    [`&dateModifiedFrom=${middle}`, [left]],
    [`&dateModifiedTo=${middle}`, [done.reference]],
  ];
  for (const [filter, kept] of keeps) {
    const { body } = await call(harness, 'GET', `/sessions?sessionType=Batch${filter}`, { token });
    const told = listAt(body, 'sessions').map((session) => at(session, 'referenceNumber'));
    expect([filter, told]).toEqual([filter, kept]);
  }
});

test('sizes and tokens that no list knows are refused', async () => {
  const { nip, token } = await newSeller();
  const numbers = Array.from({ length: 11 }, (_, place) => `${place + 1}`);
  const { reference } = await sendBatch(harness, token, await smallPackage(harness, nip, numbers));
  const { body } = await call(harness, 'GET', `/sessions/${reference}/invoices`, { token });
  const foreign = String(at(body, 'continuationToken'));
  const offset = (text: string) => Buffer.from(`invoices ${reference}|${text}`).toString('base64url');
  const lists = ['/sessions?sessionType=Batch', `/sessions/${reference}/invoices/failed?x=1`];
  for (const path of lists) {
    for (const bad of ['nonsense', foreign, offset('-10'), offset('1e1'), '']) {
      const headers = { 'x-continuation-token': bad };
      const refused = await call(harness, 'GET', path, { token, headers, wrong: true });
      expect([path, bad, exceptionCode(refused)]).toEqual([path, bad, 21418]);
    }
    for (const size of ['0', '9', '1001', 'many', '-10', '10.5']) {
      const refused = await call(harness, 'GET', `${path}&pageSize=${size}`, { token, wrong: true });
      expect([path, size, exceptionCode(refused)]).toEqual([path, size, 21405]);
    }
  }
});
