import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { tarGz, zip } from './support/archives.ts';
import { at, call, invoicesOf, listAt, logIn, packageOf, sendBatch, textAt } from './support/client.ts';
import { sha256 } from './support/crypto.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';
import { officialFilesMissing } from './support/official-files.ts';
import { assertValidUpo, elementTexts } from './support/upo-schema.ts';

const harness = useEmulator();

function sixtyInvoices(nip: string) {
  return Array.from({ length: 60 }, (_, place) => ({
    name: `invoice-${place}.xml`,
    content: invoiceXml({ nip, number: `FV/2026/${place}` }),
  }));
}

for (const compressionType of ['TarGz', 'Zip'] as const) {
  test(`60 invoices in one ${compressionType} batch of several parts all get their numbers`, async () => {
    const nip = freshNip();
    const { access: token } = await logIn(harness, nip);
    const files = sixtyInvoices(nip);
    const archive = compressionType === 'Zip' ? zip(files) : await tarGz(files);
    const partBytes = Math.ceil(archive.length / 3);
    const { reference, status } = await sendBatch(
      harness,
      token,
      packageOf(harness, archive, { compressionType, partBytes }),
    );

    expect(status).toMatchObject({
      status: { code: 200 },
      invoiceCount: 60,
      successfulInvoiceCount: 60,
      failedInvoiceCount: 0,
    });
    const invoices = await invoicesOf(harness, token, reference);
    expect(invoices.map((invoice) => at(invoice, 'invoiceHash'))).toEqual(
      files.map(({ content }) => sha256(content)),
    );
    for (const invoice of invoices) {
      expect(at(invoice, 'status.code')).toBe(200);
      expect(at(invoice, 'ksefNumber')).toMatch(new RegExp(`^${nip}-20260316-[0-9A-F]{12}-[0-9A-F]{2}$`));
      expect(at(invoice, 'invoicingMode')).toBe('Online');
    }
  });
}

test('the receipt is one unmetered download that names every accepted invoice', async () => {
  const nip = freshNip();
  const { access: token } = await logIn(harness, nip);
  const { reference, status } = await sendBatch(
    harness,
    token,
    packageOf(harness, await tarGz(sixtyInvoices(nip))),
  );
  const answer = await fetch(textAt(status, 'upo.pages.0.downloadUrl'));
  const upo = await answer.text();
  expect(answer.headers.get('x-ms-meta-hash')).toBe(createHash('sha256').update(upo).digest('base64'));
  const invoices = await invoicesOf(harness, token, reference);
  expect(elementTexts(upo, 'NumerKSeFDokumentu')).toEqual(
    invoices.map((invoice) => at(invoice, 'ksefNumber')),
  );
  expect(elementTexts(upo, 'SkrotDokumentu')).toEqual(invoices.map((invoice) => at(invoice, 'invoiceHash')));
  const pageReference = textAt(status, 'upo.pages.0.referenceNumber');
  const metered = await call(harness, 'GET', `/sessions/${reference}/upo/${pageReference}`, { token });
  expect(metered.text).toBe(upo);
});

test.skipIf(officialFilesMissing)(
  'receipts are valid against the official schema (needs the official files)',
  async () => {
    const nip = freshNip();
    const { access: token } = await logIn(harness, nip);
    const files = [{ name: 'a.xml', content: invoiceXml({ nip, number: 'A &amp; B &lt;1&gt;' }) }];
    const { reference, status } = await sendBatch(harness, token, packageOf(harness, await tarGz(files)));
    assertValidUpo(await (await fetch(textAt(status, 'upo.pages.0.downloadUrl'))).text());
    const [invoice] = await invoicesOf(harness, token, reference);
    assertValidUpo(await (await fetch(textAt(invoice, 'upoDownloadUrl'))).text());
    const own = `/sessions/${reference}/invoices/${textAt(invoice, 'referenceNumber')}/upo`;
    assertValidUpo((await call(harness, 'GET', own, { token })).text);
    const byNumber = `/sessions/${reference}/invoices/ksef/${textAt(invoice, 'ksefNumber')}/upo`;
    assertValidUpo((await call(harness, 'GET', byNumber, { token })).text);
  },
);

test('a list longer than its page goes on with a continuation token', async () => {
  const nip = freshNip();
  const { access: token } = await logIn(harness, nip);
  const { reference } = await sendBatch(harness, token, packageOf(harness, await tarGz(sixtyInvoices(nip))));
  const path = `/sessions/${reference}/invoices?pageSize=50`;
  const first = await call(harness, 'GET', path, { token });
  expect(listAt(first.body, 'invoices')).toHaveLength(50);
  const continuation = { 'x-continuation-token': textAt(first.body, 'continuationToken') };
  const second = await call(harness, 'GET', path, { token, headers: continuation });
  expect(listAt(second.body, 'invoices').map((invoice) => at(invoice, 'ordinalNumber'))).toEqual(
    Array.from({ length: 10 }, (_, place) => 51 + place),
  );
  expect(at(second.body, 'continuationToken')).toBeNull();
  const wrong = await call(harness, 'GET', path, { token, headers: { 'x-continuation-token': 'made up' } });
  expect(wrong.text).toContain('21418');
  const tooSmall = await call(harness, 'GET', `/sessions/${reference}/invoices?pageSize=9`, {
    token,
    wrong: true,
  });
  expect(tooSmall.text).toContain('21405');
});

test('an accepted invoice can be read back byte for byte', async () => {
  const nip = freshNip();
  const { access: token } = await logIn(harness, nip);
  const [file] = sixtyInvoices(nip);
  const { reference } = await sendBatch(harness, token, packageOf(harness, await tarGz([file!])));
  const [invoice] = await invoicesOf(harness, token, reference);
  const ksefNumber = textAt(invoice, 'ksefNumber');
  const read = await call(harness, 'GET', `/invoices/ksef/${ksefNumber}`, { token });
  expect(read.text).toBe(file!.content);
  expect(read.headers.get('x-ms-meta-hash')).toBe(sha256(file!.content));
  const stranger = await logIn(harness, freshNip());
  const denied = await call(harness, 'GET', `/invoices/ksef/${ksefNumber}`, { token: stranger.access });
  expect(denied.text).toContain('21164');
  expect((await harness.emulator.control.invoice(ksefNumber))?.toString()).toBe(file!.content);
});

test('sessions are listed by kind, newest first', async () => {
  const nip = freshNip();
  const { access: token } = await logIn(harness, nip);
  const archive = await tarGz(sixtyInvoices(nip).slice(0, 6));
  const first = await sendBatch(harness, token, packageOf(harness, archive));
  const second = await sendBatch(harness, token, packageOf(harness, archive));
  const listed = await call(harness, 'GET', '/sessions?sessionType=Batch&pageSize=10', { token });
  expect(listAt(listed.body, 'sessions').map((session) => at(session, 'referenceNumber'))).toEqual([
    second.reference,
    first.reference,
  ]);
  const failed = await call(harness, 'GET', '/sessions?sessionType=Batch&statuses=Failed', { token });
  expect(listAt(failed.body, 'sessions')).toHaveLength(1);
  expect((await call(harness, 'GET', '/sessions', { token, wrong: true })).status).toBe(400);
});
