/** With --state the emulator is killed in the middle of everything, started again, and goes on as if nothing had been. */
import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { tarGz } from './support/archives.ts';
import {
  at,
  call,
  exceptionCode,
  invoicesOf,
  listAt,
  logIn,
  openBatch,
  openOnline,
  packageOf,
  sendBody,
  type Target,
  textAt,
  uploadAll,
} from './support/client.ts';
import { type EmulatorProcess, startProcess } from './support/emulator-process.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';

/** Within the limits on calls. */
const PATIENTLY = { timeout: 20_000, interval: 250 };

let folder = '';
let running: EmulatorProcess;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'emulator-state-'));
  running = await start();
});
afterEach(async () => {
  await running.end('SIGKILL');
  await rm(folder, { recursive: true });
});

function start(port?: string, speed = 'realistic'): Promise<EmulatorProcess> {
  return startProcess(['--speed', speed, '--state', folder], port);
}

async function killAndStart(speed?: string): Promise<void> {
  await running.end('SIGKILL');
  running = await start(running.port, speed);
}

async function newSeller() {
  const nip = freshNip();
  const { access: token, refresh } = await logIn(running, nip);
  return { nip, token, refresh };
}

const numbers = (count: number) => Array.from({ length: count }, (_, place) => `S/${place + 1}`);

async function packed(nip: string, wanted: readonly string[]) {
  const files = wanted.map((number, place) => ({
    name: `${place}.xml`,
    content: invoiceXml({ nip, number }),
  }));
  return packageOf(running, await tarGz(files), { partBytes: 700 });
}

async function ended(token: string, reference: string): Promise<unknown> {
  const look = async () => (await call(running, 'GET', `/sessions/${reference}`, { token })).body;
  await expect.poll(async () => at(await look(), 'status.code'), PATIENTLY).toBeGreaterThanOrEqual(200);
  return look();
}

async function upoOf(status: unknown): Promise<string> {
  const answer = await fetch(textAt(status, 'upo.pages.0.downloadUrl'));
  expect(answer.status).toBe(200);
  return answer.text();
}

/** The moments a batch session is killed in, each between two calls of its client. */
const moments = [
  'before the upload',
  'between two parts',
  'after the upload',
  "after the close's answer",
] as const;

type Seller = { nip: string; token: string };

/** Sends five invoices in parts; whoever asked is told between its calls where it stands. */
async function sendFive({ nip, token }: Seller, tell: (moment: string) => Promise<void>) {
  const { parts, request } = await packed(nip, numbers(5));
  const batch = await openBatch(running, token, request);
  await tell('before the upload');
  await uploadAll(batch, parts.slice(0, 1));
  await tell('between two parts');
  await uploadAll({ ...batch, uploads: batch.uploads.slice(1) }, parts.slice(1));
  await tell('after the upload');
  const closed = await call(running, 'POST', `/sessions/batch/${batch.reference}/close`, { token });
  expect(closed.status).toBe(204);
  await tell("after the close's answer");
  return { reference: batch.reference, status: await ended(token, batch.reference) };
}

test.for(moments)('a batch session killed %s is finished after it', async (moment) => {
  const seller = await newSeller();
  const { reference, status } = await sendFive(seller, async (here) => {
    if (here === moment) await killAndStart();
  });
  expect([at(status, 'status.code'), at(status, 'successfulInvoiceCount')]).toEqual([200, 5]);
  const again = await call(running, 'POST', `/sessions/batch/${reference}/close`, { token: seller.token });
  expect(exceptionCode(again)).toBe(21180);
});

test('killed after all is done, it tells what it told, byte for byte, and refuses what it has', async () => {
  const seller = await newSeller();
  const { nip, token } = seller;
  const { reference, status } = await sendFive(seller, async () => undefined);
  const told = async () => ({
    registry: await running.look('registry'),
    ksefNumbers: (await invoicesOf(running, token, reference)).map((one) => textAt(one, 'ksefNumber')),
    upo: await upoOf(status),
  });
  const before = await told();
  await killAndStart();
  expect(await told()).toEqual(before);
  const invoice = textAt(before, 'ksefNumbers.0');
  const download = await call(running, 'GET', `/invoices/ksef/${invoice}`, { token });
  expect(download.text).toBe(invoiceXml({ nip, number: 'S/1' }));

  const second = await sendFive(seller, async () => undefined);
  expect(at(second.status, 'status.code')).toBe(445);
  const refused = await invoicesOf(running, token, second.reference);
  expect(refused.map((one) => at(one, 'status.code'))).toEqual([440, 440, 440, 440, 440]);
  expect(refused.map((one) => at(one, 'status.extensions.originalKsefNumber'))).toEqual(before.ksefNumbers);
});

test('killed while it judges, it keeps the numbers it has given', async () => {
  await killAndStart('instant');
  const { nip, token } = await newSeller();
  const files = numbers(1500).map((number) => ({
    name: `${number.slice(2)}.xml`,
    content: invoiceXml({ nip, number }),
  }));
  const { parts, request } = packageOf(running, await tarGz(files));
  const batch = await openBatch(running, token, request);
  await uploadAll(batch, parts);
  await call(running, 'POST', `/sessions/batch/${batch.reference}/close`, { token });
  await expect
    .poll(async () => at(await running.look('stats'), 'registered'), { ...PATIENTLY, interval: 10 })
    .toBeGreaterThan(0);
  const given = listAt({ all: await running.look('registry') }, 'all');
  await killAndStart('instant');
  const status = await ended(token, batch.reference);
  expect([at(status, 'status.code'), at(status, 'successfulInvoiceCount')]).toEqual([200, 1500]);
  const registry = listAt({ all: await running.look('registry') }, 'all');
  expect(registry).toHaveLength(1500);
  expect(registry).toEqual(expect.arrayContaining(given));
});

test('interactive invoices that wait are judged, and a closed session comes to its end', async () => {
  const { nip, token } = await newSeller();
  const { reference, key } = await openOnline(running, token);
  const send = async (number: string): Promise<string> => {
    const body = sendBody(key, Buffer.from(invoiceXml({ nip, number })));
    const sent = await call(running, 'POST', `/sessions/online/${reference}/invoices`, { token, body });
    return textAt(sent.body, 'referenceNumber');
  };
  const references = [await send('1')];
  await killAndStart();
  references.push(await send('2'), await send('3'));
  expect((await call(running, 'POST', `/sessions/online/${reference}/close`, { token })).status).toBe(204);
  await killAndStart();
  const status = await ended(token, reference);
  expect([at(status, 'status.code'), at(status, 'successfulInvoiceCount')]).toEqual([200, 3]);
  const told = await invoicesOf(running, token, reference);
  expect(told.map((one) => at(one, 'referenceNumber'))).toEqual(references);
  const upo = await upoOf(status);
  await killAndStart();
  expect(await upoOf(status)).toBe(upo);
});

test('logins, tokens, grants, limits and exports outlive a kill; a line torn off is passed over', async () => {
  const { nip, token, refresh } = await newSeller();
  const post = (where: string, body: unknown) => call(running, 'POST', where, { token, body });
  const rateLimits = await limitsOf(running, token);
  const halved = { ...rateLimits, batchSession: { perSecond: 5, perMinute: 10, perHour: 30 } };
  expect((await post('/testdata/rate-limits', { rateLimits: halved })).status).toBe(200);
  expect((await post('/testdata/attachment', { nip })).status).toBe(200);
  const yesterday = new Date(Date.now() - 86_400_000).toISOString();
  const filters = {
    subjectType: 'Subject1',
    dateRange: { dateType: 'PermanentStorage', from: yesterday },
  };
  const encryption = (await packed(nip, ['1'])).request.encryption;
  const started = await post('/invoices/exports', { encryption, filters });
  const made = await post('/tokens', { permissions: ['InvoiceWrite'], description: 'outlives a kill' });
  await running.end('SIGKILL');
  await appendFile(path.join(folder, 'journal'), 'AAAA');
  running = await start(running.port);

  expect(await limitsOf(running, token)).toEqual(halved);
  const consent = await call(running, 'GET', '/permissions/attachments/status', { token });
  expect(at(consent.body, 'isAttachmentAllowed')).toBe(true);
  expect((await call(running, 'POST', '/auth/token/refresh', { token: refresh })).status).toBe(200);
  const kept = await call(running, 'GET', `/tokens/${textAt(made.body, 'referenceNumber')}`, { token });
  expect(at(kept.body, 'description')).toBe('outlives a kill');
  const look = async () =>
    (await call(running, 'GET', `/invoices/exports/${textAt(started.body, 'referenceNumber')}`, { token }))
      .body;
  await expect.poll(async () => at(await look(), 'status.code'), PATIENTLY).toBe(200);
  const part = textAt(await look(), 'package.parts.0.url');
  await killAndStart();
  expect((await fetch(part)).status).toBe(200);
});

async function limitsOf(target: Target, token: string): Promise<Record<string, unknown>> {
  return z.record(z.string(), z.unknown()).parse((await call(target, 'GET', '/rate-limits', { token })).body);
}

test('an orderly end keeps everything too, and files half written are removed', async () => {
  const { nip, token } = await newSeller();
  const { request } = await packed(nip, ['1']);
  const { reference } = await openBatch(running, token, request);
  await appendFile(path.join(folder, `${reference}.1.abcdef`), 'half');
  await appendFile(path.join(folder, 'notes.txt'), 'of somebody else');
  await running.end('SIGTERM');
  running = await start(running.port);
  expect((await call(running, 'GET', `/sessions/${reference}`, { token })).status).toBe(200);
  expect((await readdir(folder)).toSorted()).toEqual(['documents', 'journal', 'notes.txt']);
});
