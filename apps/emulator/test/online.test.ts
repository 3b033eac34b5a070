import { expect, test } from 'vitest';
import {
  at,
  call,
  encryptionFor,
  exceptionCode,
  fa3,
  logIn,
  openOnline,
  sendBody,
  sendOnline,
  textAt,
} from './support/client.ts';
import { freshSessionKey, sha256 } from './support/crypto.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';
import { officialFilesMissing } from './support/official-files.ts';
import { assertValidUpo, elementTexts } from './support/upo-schema.ts';

const harness = useEmulator();

async function seller(): Promise<{ nip: string; token: string }> {
  const nip = freshNip();
  return { nip, token: (await logIn(harness, nip)).access };
}

function bytes(nip: string, number: string): Buffer {
  return Buffer.from(invoiceXml({ nip, number }));
}

async function close(token: string, reference: string) {
  const answer = await call(harness, 'POST', `/sessions/online/${reference}/close`, { token });
  await harness.emulator.control.idle();
  return answer;
}

async function status(token: string, reference: string): Promise<unknown> {
  return (await call(harness, 'GET', `/sessions/${reference}`, { token })).body;
}

test('invoices get their numbers one by one, the receipt comes with the close', async () => {
  const { nip, token } = await seller();
  const session = await openOnline(harness, token);
  const first = await sendOnline(harness, token, session, bytes(nip, '1'));
  const second = await sendOnline(harness, token, session, bytes(nip, '2'));
  expect(at(first, 'status.code')).toBe(200);
  expect(await status(token, session.reference)).toMatchObject({
    status: { code: 100 },
    upo: null,
    invoiceCount: 2,
  });
  expect((await close(token, session.reference)).status).toBe(204);
  const closed = await status(token, session.reference);
  expect(closed).toMatchObject({ status: { code: 200 }, successfulInvoiceCount: 2 });
  const upo = await (await fetch(textAt(closed, 'upo.pages.0.downloadUrl'))).text();
  expect(elementTexts(upo, 'NumerKSeFDokumentu')).toEqual([
    at(first, 'ksefNumber'),
    at(second, 'ksefNumber'),
  ]);
  if (!officialFilesMissing) assertValidUpo(upo);
  expect(exceptionCode(await close(token, session.reference))).toBe(21180);
});

test('size and hash of the encrypted invoice are checked at once', async () => {
  const { nip, token } = await seller();
  const { reference, key } = await openOnline(harness, token);
  const path = `/sessions/online/${reference}/invoices`;
  const size = sendBody(key, bytes(nip, '1'), { encryptedInvoiceSize: 5 });
  expect(exceptionCode(await call(harness, 'POST', path, { token, body: size }))).toBe(21402);
  const hash = sendBody(key, bytes(nip, '1'), { encryptedInvoiceHash: sha256('x') });
  expect(exceptionCode(await call(harness, 'POST', path, { token, body: hash }))).toBe(21403);
  const { invoiceHash: _left, ...incomplete } = sendBody(key, bytes(nip, '1'));
  expect(exceptionCode(await call(harness, 'POST', path, { token, body: incomplete, wrong: true }))).toBe(
    21405,
  );
});

test('size and hash of the plain invoice are checked with the invoice', async () => {
  const { nip, token } = await seller();
  const session = await openOnline(harness, token);
  const wrongHash = await sendOnline(harness, token, session, bytes(nip, '1'), { invoiceHash: sha256('x') });
  expect(at(wrongHash, 'status.code')).toBe(430);
  const wrongSize = await sendOnline(harness, token, session, bytes(nip, '1'), { invoiceSize: 5 });
  expect(at(wrongSize, 'status.code')).toBe(430);
  const otherKey = { ...session, key: freshSessionKey() };
  expect(at(await sendOnline(harness, token, otherKey, bytes(nip, '1')), 'status.code')).toBe(435);
  await close(token, session.reference);
  expect(await status(token, session.reference)).toMatchObject({
    status: { code: 445 },
    failedInvoiceCount: 3,
  });
});

test('a session closed with nothing in it is cancelled', async () => {
  const { token } = await seller();
  const { reference } = await openOnline(harness, token);
  await close(token, reference);
  expect(at(await status(token, reference), 'status')).toMatchObject({
    code: 440,
    details: ['Nie przesłano faktur'],
  });
});

test('a session left open closes itself after twelve hours', async () => {
  const { nip, token } = await seller();
  const session = await openOnline(harness, token);
  await sendOnline(harness, token, session, bytes(nip, '1'));
  harness.clock.advance(12 * 3_600_000);
  const later = (await logIn(harness, nip)).access;
  expect(at(await status(later, session.reference), 'status.code')).toBe(170);
  await harness.emulator.control.idle();
  expect(at(await status(later, session.reference), 'status.code')).toBe(200);
});

test('a key nobody can open ends the session with 415', async () => {
  const { nip, token } = await seller();
  const key = freshSessionKey();
  const encryption = {
    ...encryptionFor(harness, key),
    encryptedSymmetricKey: Buffer.alloc(256, 2).toString('base64'),
  };
  const opened = await call(harness, 'POST', '/sessions/online', {
    token,
    body: { formCode: fa3, encryption },
  });
  const reference = textAt(opened.body, 'referenceNumber');
  expect(at(await status(token, reference), 'status.code')).toBe(415);
  const path = `/sessions/online/${reference}/invoices`;
  const body = sendBody(key, bytes(nip, '1'));
  expect(exceptionCode(await call(harness, 'POST', path, { token, body }))).toBe(21180);
});

test('an attachment never goes interactively', async () => {
  const { nip, token } = await seller();
  await call(harness, 'POST', '/testdata/attachment', { body: { nip } });
  const session = await openOnline(harness, token);
  const attached = Buffer.from(invoiceXml({ nip, number: '1', attachment: true }));
  expect(at(await sendOnline(harness, token, session, attached), 'status.code')).toBe(415);
});

test('a technical correction replaces a refused invoice once, an accepted one never', async () => {
  const { nip, token } = await seller();
  const session = await openOnline(harness, token);
  const accepted = bytes(nip, '1');
  await sendOnline(harness, token, session, accepted);
  const path = `/sessions/online/${session.reference}/invoices`;
  const ofAccepted = sendBody(session.key, bytes(nip, '2'), { hashOfCorrectedInvoice: sha256(accepted) });
  expect(exceptionCode(await call(harness, 'POST', path, { token, body: ofAccepted }))).toBe(21167);

  const refused = Buffer.from(invoiceXml({ nip, number: '3' }).replace('</Fa>', ''));
  await sendOnline(harness, token, session, refused, { offlineMode: true });
  const more = { hashOfCorrectedInvoice: sha256(refused), offlineMode: true };
  const correction = await sendOnline(harness, token, session, bytes(nip, '3'), more);
  expect(correction).toMatchObject({ status: { code: 200 }, invoicingMode: 'Offline' });
  const again = sendBody(session.key, bytes(nip, '4'), more);
  expect(exceptionCode(await call(harness, 'POST', path, { token, body: again }))).toBe(21166);
});

test('a technical correction may bring an attachment, with consent', async () => {
  const { nip, token } = await seller();
  const session = await openOnline(harness, token);
  const attached = Buffer.from(invoiceXml({ nip, number: '1', attachment: true }));
  const more = { hashOfCorrectedInvoice: sha256(bytes(nip, 'refused')), offlineMode: true };
  expect(at(await sendOnline(harness, token, session, attached, more), 'status.code')).toBe(415);
  await call(harness, 'POST', '/testdata/attachment', { body: { nip } });
  expect(at(await sendOnline(harness, token, session, attached, more), 'status.code')).toBe(200);
});

test('a session takes no more invoices than the context may send', async () => {
  const { nip, token } = await seller();
  const limits = { maxInvoiceSizeInMB: 1, maxInvoiceWithAttachmentSizeInMB: 3, maxInvoices: 1 };
  const body = { onlineSession: limits, batchSession: limits };
  await call(harness, 'POST', '/testdata/limits/context/session', { token, body });
  const session = await openOnline(harness, token);
  await sendOnline(harness, token, session, bytes(nip, '1'));
  const path = `/sessions/online/${session.reference}/invoices`;
  const second = sendBody(session.key, bytes(nip, '2'));
  expect(exceptionCode(await call(harness, 'POST', path, { token, body: second }))).toBe(21155);
});
