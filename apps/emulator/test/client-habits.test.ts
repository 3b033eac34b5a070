/** Habits of foreign clients, each met as the README says. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startEmulator } from '../src/index.ts';
import {
  at,
  call,
  closeBatch,
  listAt,
  logIn,
  openBatch,
  openOnline,
  sendBatch,
  textAt,
  uploadAll,
} from './support/client.ts';
import { smallPackage } from './support/fault-stage.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip } from './support/invoice.ts';

/** The requests are unlike the specification on purpose, so that none is held against it. */
const harness = useEmulator({ onExchange: () => undefined });

async function newSeller(): Promise<{ nip: string; token: string }> {
  const nip = freshNip();
  return { nip, token: (await logIn(harness, nip)).access };
}

type Raw = { method: string; path: string; headers?: Record<string, string>; body?: Buffer | string };

/** A request exactly as written, path and header names included; answers what came back, 100 noticed. */
function raw({ method, path, headers = {}, body }: Raw) {
  const { port } = harness.emulator;
  harness.clock.advance(1000);
  return new Promise<{
    status: number;
    headers: IncomingMessage['headers'];
    body: string;
    continued: boolean;
  }>((resolve, reject) => {
    let continued = false;
    const sending = httpRequest({ host: '127.0.0.1', port, method, path, headers }, async (incoming) => {
      const { statusCode = 0, headers: told } = incoming;
      resolve({ status: statusCode, headers: told, body: await text(incoming), continued });
    });
    sending.on('error', reject);
    sending.on('continue', () => {
      continued = true;
      sending.end(body);
    });
    if (headers.Expect === undefined) sending.end(body);
    else sending.flushHeaders();
  });
}

async function rawUpload(headers: Record<string, string>) {
  const { nip, token } = await newSeller();
  const { parts, request } = await smallPackage(harness, nip);
  const batch = await openBatch(harness, token, request);
  const { pathname, search } = new URL(batch.uploads[0]?.url ?? '');
  const [body] = parts;
  if (body === undefined) throw new Error('no part');
  const length = 'transfer-encoding' in headers ? {} : { 'content-length': String(body.length) };
  return raw({ method: 'PUT', path: pathname + search, headers: { ...headers, ...length }, body });
}

test('slashes too many, at the end or between, and letters of another case', async () => {
  const { token } = await newSeller();
  const headers = { authorization: `Bearer ${token}` };
  for (const path of [
    '/v2/sessions?sessionType=Batch',
    '//v2//sessions?sessionType=Batch',
    '/v2/sessions/?sessionType=Batch',
    '/V2/Sessions?SessionType=Batch&pagesize=20',
    '/v2/sessions?SESSIONTYPE=Batch',
  ]) {
    const { status, body } = await raw({ method: 'GET', path, headers });
    expect([path, status, JSON.parse(body)]).toEqual([path, 200, { continuationToken: null, sessions: [] }]);
  }
  const bad = await raw({ method: 'GET', path: '/v2/sessions?sessionType=Batch&PageSize=5', headers });
  expect([bad.status, bad.body]).toEqual([400, expect.stringContaining('21405')]);
});

test('reference numbers keep their letters whatever the case of the path', async () => {
  const { token } = await newSeller();
  const { reference } = await openOnline(harness, token);
  const headers = { authorization: `Bearer ${token}` };
  expect((await raw({ method: 'GET', path: `/V2/SESSIONS/${reference}/`, headers })).status).toBe(200);
});

test('an address is known, and the method is not', async () => {
  for (const method of ['HEAD', 'OPTIONS', 'DELETE', 'GET']) {
    const { status, headers } = await raw({ method, path: '/v2/auth/token/redeem' });
    expect([method, status, headers.allow]).toEqual([method, 405, 'POST']);
  }
  expect((await raw({ method: 'GET', path: '/v2/nothing' })).status).toBe(404);
});

test.for([
  ['a JSON body', '{}'],
  ['an empty body with a content type', ''],
])('%s on a close is passed over', async ([, body = '']) => {
  const { nip, token } = await newSeller();
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
  };
  const { parts, request } = await smallPackage(harness, nip);
  const batch = await openBatch(harness, token, request);
  await uploadAll(batch, parts);
  const { reference: online } = await openOnline(harness, token);
  for (const path of [`batch/${batch.reference}`, `online/${online}`]) {
    const closed = await raw({ method: 'POST', path: `/v2/sessions/${path}/close`, headers, body });
    expect(closed.status).toBe(204);
  }
  await harness.emulator.control.idle();
});

test('header names and the word Bearer in any case', async () => {
  const { token } = await newSeller();
  for (const headers of [{ AUTHORIZATION: `bearer ${token}` }, { Authorization: `BEARER ${token}` }]) {
    expect((await raw({ method: 'GET', path: '/v2/rate-limits', headers })).status).toBe(200);
  }
  expect((await rawUpload({ 'X-MS-BLOB-TYPE': 'BlockBlob' })).status).toBe(201);
});

test('an upload may ask before it sends', async () => {
  const { status, continued } = await rawUpload({ 'x-ms-blob-type': 'BlockBlob', Expect: '100-continue' });
  expect([status, continued]).toEqual([201, true]);
});

test.for([
  ['no x-ms-blob-type', {}, 400, 'MissingRequiredHeader'],
  ['another x-ms-blob-type', { 'x-ms-blob-type': 'AppendBlob' }, 400, 'InvalidHeaderValue'],
  ['chunks', { 'x-ms-blob-type': 'BlockBlob', 'transfer-encoding': 'chunked' }, 400, 'UnsupportedHeader'],
] as const)('an upload with %s is refused', async ([, headers, status, code]) => {
  const answer = await rawUpload(headers);
  expect([answer.status, answer.headers['x-ms-error-code']]).toEqual([status, code]);
});

test('a receipt can be asked for its headers alone', async () => {
  const { nip, token } = await newSeller();
  const { status } = await sendBatch(harness, token, await smallPackage(harness, nip));
  const url = textAt(status, 'upo.pages.0.downloadUrl');
  const whole = await fetch(url);
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  for (const name of ['x-ms-meta-hash', 'content-length', 'content-type']) {
    expect(head.headers.get(name)).toBe(whole.headers.get(name));
  }
});

test('links name the upload host where there is one', async () => {
  const proxied = await startEmulator({ uploadHost: 'https://storage.example/ksef/' });
  const stage = { ...harness, emulator: proxied };
  try {
    const nip = freshNip();
    const { access: token } = await logIn(stage, nip);
    const { parts, request } = await smallPackage(stage, nip);
    const batch = await openBatch(stage, token, request);
    const links = batch.uploads.map(({ url }) => url);
    expect(links.every((url) => url.startsWith('https://storage.example/ksef/storage/'))).toBe(true);
    const behind = (url: string) => url.replace('https://storage.example/ksef', proxied.url);
    await uploadAll(
      { ...batch, uploads: batch.uploads.map((one) => ({ ...one, url: behind(one.url) })) },
      parts,
    );
    await closeBatch(stage, token, batch.reference);
    const { body: status } = await call(stage, 'GET', `/sessions/${batch.reference}`, { token });
    const receipt = textAt(status, 'upo.pages.0.downloadUrl');
    expect(receipt.startsWith('https://storage.example/ksef/storage/upo/')).toBe(true);
    expect((await fetch(behind(receipt))).status).toBe(200);
    const { body: list } = await call(stage, 'GET', `/sessions/${batch.reference}/invoices`, { token });
    const [invoice] = listAt(list, 'invoices');
    expect(at(invoice, 'upoDownloadUrl')).toContain('https://storage.example/ksef/storage/upo/');
  } finally {
    await proxied.close();
  }
});

test.for([
  'storage.example',
  'ftp://storage.example',
  'https://a:b@storage.example',
  'https://storage.example?x=1',
])('%s is no upload host', async (uploadHost) => {
  await expect(startEmulator({ uploadHost })).rejects.toThrow();
});
