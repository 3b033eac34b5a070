import { expect, test } from 'vitest';
import { type ArchiveFile, tarGz, zip } from './support/archives.ts';
import {
  at,
  call,
  closeBatch,
  exceptionCode,
  fa3,
  logIn,
  openBatch,
  type Package,
  packageOf,
  sendBatch,
  uploadAll,
} from './support/client.ts';
import { sha256 } from './support/crypto.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';

const harness = useEmulator();

function files(nip: string, count = 6): ArchiveFile[] {
  return Array.from({ length: count }, (_, place) => ({
    name: `${place}.xml`,
    content: invoiceXml({ nip, number: `${place}` }),
  }));
}

async function seller(): Promise<{ nip: string; token: string }> {
  const nip = freshNip();
  return { nip, token: (await logIn(harness, nip)).access };
}

function changed({ parts, request }: Package, path: string, value: unknown): Package {
  const copy = structuredClone(request);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const inner = keys.length === 0 ? copy : at(copy, keys.join('.'));
  if (typeof inner === 'object' && inner !== null) Reflect.set(inner, last, value);
  return { parts, request: copy };
}

/** Sends a package and answers the status the session ends with. */
async function outcome(token: string, wanted: Package): Promise<unknown> {
  return at((await sendBatch(harness, token, wanted)).status, 'status');
}

test('a part that is not the declared one ends the session with 405', async () => {
  const { nip, token } = await seller();
  const good = packageOf(harness, await tarGz(files(nip)));
  const wrong = changed(good, 'batchFile.fileParts.0.fileHash', sha256('something else'));
  expect(await outcome(token, wrong)).toMatchObject({ code: 405 });
  expect(harness.emulator.control.registry().filter((invoice) => invoice.nip === nip)).toEqual([]);
});

test('a package of another hash or size than declared ends with 405', async () => {
  const { nip, token } = await seller();
  const good = packageOf(harness, await tarGz(files(nip)));
  expect(await outcome(token, changed(good, 'batchFile.fileHash', sha256('x')))).toMatchObject({ code: 405 });
  expect(await outcome(token, changed(good, 'batchFile.fileSize', 17))).toMatchObject({ code: 405 });
});

test('a key that nobody can open ends with 415, and so does one that is no AES-256 key', async () => {
  const { nip, token } = await seller();
  const good = packageOf(harness, await tarGz(files(nip)));
  const garbage = Buffer.alloc(256, 3).toString('base64');
  expect(await outcome(token, changed(good, 'encryption.encryptedSymmetricKey', garbage))).toMatchObject({
    code: 415,
  });
  const shortIv = Buffer.alloc(8).toString('base64');
  expect(await outcome(token, changed(good, 'encryption.initializationVector', shortIv))).toMatchObject({
    code: 415,
  });
});

test('a part that cannot be decrypted ends with 435', async () => {
  const { nip, token } = await seller();
  const good = packageOf(harness, await tarGz(files(nip)));
  const part = Buffer.alloc(48, 1);
  const declared = changed(good, 'batchFile.fileParts.0.fileHash', sha256(part));
  const wrong = changed(declared, 'batchFile.fileParts.0.fileSize', part.length);
  expect(await outcome(token, { parts: [part], request: wrong.request })).toMatchObject({ code: 435 });
});

test.each<[string, (nip: string) => ArchiveFile[]]>([
  ['a folder in a name', (nip) => [{ name: 'in/a.xml', content: invoiceXml({ nip, number: '1' }) }]],
  ['a way out of the folder', (nip) => [{ name: '../a.xml', content: invoiceXml({ nip, number: '1' }) }]],
  [
    'a name over 128 characters',
    (nip) => [{ name: `${'n'.repeat(125)}.xml`, content: invoiceXml({ nip, number: '1' }) }],
  ],
  ['an archive in the archive', () => [{ name: 'a.zip', content: zip([{ name: 'a.xml', content: 'x' }]) }]],
  ['a link', () => [{ name: 'a.xml', content: '', type: 'symlink' }]],
  ['a folder of its own', () => [{ name: 'a.xml/', content: '', type: 'directory' }]],
])('%s ends the session with 430', async (_name, make) => {
  const { nip, token } = await seller();
  expect(await outcome(token, packageOf(harness, await tarGz(make(nip))))).toMatchObject({ code: 430 });
});

test.each([
  ['TarGz', 'garbage', () => Buffer.alloc(500, 9)],
  ['Zip', 'garbage', () => Buffer.alloc(500, 9)],
  ['Zip', 'a TarGz', () => tarGz(files(freshNip()))],
  ['TarGz', 'half a file', async () => (await tarGz(files(freshNip()))).subarray(0, 300)],
  ['Zip', 'a slipping path', () => zip([{ name: '../a.xml', content: 'x' }])],
] as const)('a %s archive that is %s ends with 430', async (compressionType, _what, make) => {
  const { token } = await seller();
  const wrong = packageOf(harness, await make(), { compressionType });
  expect(await outcome(token, wrong)).toMatchObject({ code: 430 });
});

test('a damaged file in a ZIP ends with 430', async () => {
  const { nip, token } = await seller();
  const archive = zip(files(nip));
  archive.writeUInt8(archive.readUInt8(100) ^ 0xff, 100);
  expect(await outcome(token, packageOf(harness, archive, { compressionType: 'Zip' }))).toMatchObject({
    code: 430,
  });
});

test('more invoices than the context may send in a session end it with 420', async () => {
  const { nip, token } = await seller();
  const limits = { maxInvoiceSizeInMB: 1, maxInvoiceWithAttachmentSizeInMB: 3, maxInvoices: 5 };
  const body = { onlineSession: limits, batchSession: limits };
  await call(harness, 'POST', '/testdata/limits/context/session', { token, body });
  expect(
    at((await call(harness, 'GET', '/limits/context', { token })).body, 'batchSession.maxInvoices'),
  ).toBe(5);
  expect(await outcome(token, packageOf(harness, await tarGz(files(nip))))).toMatchObject({ code: 420 });
  await call(harness, 'DELETE', '/testdata/limits/context/session', { token });
  expect(await outcome(token, packageOf(harness, await tarGz(files(nip))))).toMatchObject({ code: 200 });
});

test('an empty archive cancels the session', async () => {
  const { token } = await seller();
  expect(await outcome(token, packageOf(harness, await tarGz([])))).toMatchObject({ code: 440 });
});

test('a session whose every invoice is refused ends with 445 and lists them', async () => {
  const { nip, token } = await seller();
  const archive = await tarGz(files(nip));
  await sendBatch(harness, token, packageOf(harness, archive));
  const { reference, status } = await sendBatch(harness, token, packageOf(harness, archive));
  expect(status).toMatchObject({ status: { code: 445 }, failedInvoiceCount: 6, upo: null });
  const failed = await call(harness, 'GET', `/sessions/${reference}/invoices/failed`, { token });
  expect(at(failed.body, 'invoices.5.status.code')).toBe(440);
});

test('a close before every part is there is refused, and works afterwards', async () => {
  const { nip, token } = await seller();
  const archive = await tarGz(files(nip));
  const { parts, request } = packageOf(harness, archive, { partBytes: Math.ceil(archive.length / 2) });
  const batch = await openBatch(harness, token, request);
  await uploadAll(batch, parts.slice(0, 1));
  expect(exceptionCode(await closeBatch(harness, token, batch.reference))).toBe(21205);
  await uploadAll(batch, parts);
  expect((await closeBatch(harness, token, batch.reference)).status).toBe(204);
  expect(exceptionCode(await closeBatch(harness, token, batch.reference))).toBe(21180);
});

test('a part of another size than declared is told at the close', async () => {
  const { nip, token } = await seller();
  const { parts, request } = packageOf(harness, await tarGz(files(nip)));
  const batch = await openBatch(harness, token, request);
  await uploadAll(batch, [Buffer.concat([parts[0]!, Buffer.alloc(1)])]);
  expect(exceptionCode(await closeBatch(harness, token, batch.reference))).toBe(21157);
});

test('a session nobody uploads to in time is cancelled at its close', async () => {
  const { nip, token } = await seller();
  const { request } = packageOf(harness, await tarGz(files(nip)));
  const batch = await openBatch(harness, token, request);
  harness.clock.advance(20 * 60_000);
  const later = (await logIn(harness, nip)).access;
  expect(exceptionCode(await closeBatch(harness, later, batch.reference))).toBe(21208);
  const { body } = await call(harness, 'GET', `/sessions/${batch.reference}`, { token: later });
  expect(at(body, 'status')).toMatchObject({ code: 440, details: ['Przekroczono czas wysyłki'] });
});

test('a session left open is cancelled after twelve hours', async () => {
  const { nip, token } = await seller();
  const batch = await openBatch(harness, token, packageOf(harness, await tarGz(files(nip))).request);
  harness.clock.advance(12 * 3_600_000);
  const later = (await logIn(harness, nip)).access;
  const { body } = await call(harness, 'GET', `/sessions/${batch.reference}`, { token: later });
  expect(at(body, 'status.code')).toBe(440);
});

test.each<[string, number, string, unknown]>([
  ['a form that is none', 21405, 'formCode', { systemCode: 'FA (1)', schemaVersion: '1-0E', value: 'FA' }],
  [
    'a form of interactive sessions',
    21405,
    'formCode',
    { systemCode: 'PEF (3)', schemaVersion: '2-1', value: 'PEF' },
  ],
  ['a part over 100 MB', 21157, 'batchFile.fileParts.0.fileSize', 100_000_017],
  ['a part that is not the first', 21405, 'batchFile.fileParts.0.ordinalNumber', 2],
  ['an unknown key', 21470, 'encryption.publicKeyId', Buffer.alloc(32).toString('base64')],
  ['a hash that is none', 21405, 'batchFile.fileHash', 'short'],
  ['a package over 5 GB', 21405, 'batchFile.fileSize', 5_000_000_001],
  ['no parts', 21405, 'batchFile.fileParts', []],
])('opening with %s is refused with %i', async (_name, code, path, value) => {
  const { nip, token } = await seller();
  const good = packageOf(harness, await tarGz(files(nip)));
  const { request } = changed(good, path, value);
  const answer = await call(harness, 'POST', '/sessions/batch', { token, body: request, wrong: true });
  expect(answer.status).toBe(400);
  expect(exceptionCode(answer)).toBe(code);
});

test('51 parts are too many', async () => {
  const { nip, token } = await seller();
  const archive = await tarGz(files(nip));
  const { parts, request } = packageOf(harness, archive, { partBytes: Math.floor(archive.length / 51) });
  expect(parts.length).toBeGreaterThan(50);
  const answer = await call(harness, 'POST', '/sessions/batch', { token, body: request, wrong: true });
  expect(exceptionCode(answer)).toBe(21161);
});

test('FA(2) is taken on TEST', async () => {
  const { nip, token } = await seller();
  const good = packageOf(harness, await tarGz(files(nip)));
  const fa2 = { ...fa3, systemCode: 'FA (2)' };
  expect(await outcome(token, changed(good, 'formCode', fa2))).toMatchObject({ code: 445 });
});
