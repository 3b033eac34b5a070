/** A foreign client, the npm package ksef-client-ts, walks its own path here: only its base address is changed. */
import {
  authenticateWithToken,
  collectAllInvoiceMetadata,
  createTarGz,
  createZip,
  exportAndDownload,
  KSeFClient,
  openOnlineSession,
  uploadBatchParsed,
  uploadBatchStream,
} from 'ksef-client-ts';
import { expect, test } from 'vitest';
import { sha256 } from './support/crypto.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';

const harness = useEmulator();

async function loggedIn(nip: string): Promise<KSeFClient> {
  const client = new KSeFClient({ baseUrl: harness.emulator.url });
  await client.crypto.init();
  const tokens = await authenticateWithToken(client, { nip, token: `token of ${nip}` });
  expect(tokens.refreshToken).not.toBe('');
  return client;
}

function invoicesOf(nip: string, numbers: readonly string[]): { fileName: string; content: Buffer }[] {
  return numbers.map((number) => ({
    fileName: `${number}.xml`,
    content: Buffer.from(invoiceXml({ nip, number })),
  }));
}

type Receipt = Awaited<ReturnType<typeof uploadBatchParsed>>['upo'];

/** Every invoice is in the receipt by number and hash, with the KSeF number the emulator gave it. */
function expectReceipt(receipt: Receipt, nip: string, invoices: readonly { content: Buffer }[]): void {
  expect([receipt.successfulInvoiceCount, receipt.failedInvoiceCount]).toEqual([invoices.length, 0]);
  const told = receipt.parsed.flatMap(({ dokumenty }) =>
    dokumenty.map((item) => ({ sha256: item.skrotDokumentu, ksefNumber: item.numerKSeFDokumentu })),
  );
  const kept = harness.emulator.control
    .registry()
    .filter((item) => item.nip === nip)
    .map(({ sha256: hash, ksefNumber }) => ({ sha256: hash, ksefNumber }));
  expect(told).toEqual(kept);
  expect(told.map((item) => item.sha256)).toEqual(invoices.map(({ content }) => sha256(content)));
}

test('interactive: open, send two, close, status, receipt', async () => {
  const nip = freshNip();
  const client = await loggedIn(nip);
  const invoices = invoicesOf(nip, ['1', '2']);
  const session = await openOnlineSession(client);
  const references: string[] = [];
  for (const { content } of invoices) references.push(await session.sendInvoice(content.toString()));
  await session.close();
  const receipt = await session.waitForUpoParsed({ intervalMs: 10 });
  expectReceipt(receipt, nip, invoices);
  const status = await client.sessionStatus.getSessionStatus(session.sessionRef);
  expect(status.status.code).toBe(200);
  const listed = await client.sessionStatus.getSessionInvoices(session.sessionRef);
  expect(listed.invoices.map(({ referenceNumber }) => referenceNumber)).toEqual(references);
});

test.for([
  ['Zip', createZip],
  ['TarGz', createTarGz],
] as const)('batch in %s: open, upload, close, status, receipt', async ([compressionType, pack]) => {
  const nip = freshNip();
  const client = await loggedIn(nip);
  const invoices = invoicesOf(nip, ['1', '2', '3', '4', '5', '6', '7']);
  const archive = await pack(invoices);
  const { sessionRef, upo } = await uploadBatchParsed(client, archive, {
    compressionType,
    maxPartSize: 1_000,
    pollOptions: { intervalMs: 10 },
  });
  expectReceipt(upo, nip, invoices);
  const listed = await client.sessionStatus.getSessionInvoices(sessionRef);
  expect(listed.invoices.map(({ invoiceFileName }) => invoiceFileName)).toEqual(
    invoices.map(({ fileName }) => fileName),
  );
});

test.for(['rsa', 'ec'] as const)('a login by certificate (%s), and a session after it', async (key) => {
  const nip = freshNip();
  const order = { kind: 'seal', nip, key } as const;
  const { certificatePem, privateKeyPem } = await harness.emulator.control.issueCertificate(order);
  const client = new KSeFClient({ baseUrl: harness.emulator.url });
  await client.crypto.init();
  await client.loginWithCertificate(certificatePem, privateKeyPem, nip);
  const session = await openOnlineSession(client);
  const invoices = invoicesOf(nip, ['1']);
  for (const { content } of invoices) await session.sendInvoice(content.toString());
  await session.close();
  expectReceipt(await session.waitForUpoParsed({ intervalMs: 10 }), nip, invoices);
});

test('what was sent is found again: metadata, an export, the invoice itself', async () => {
  const nip = freshNip();
  const client = await loggedIn(nip);
  const invoices = invoicesOf(nip, ['1', '2', '3']);
  await uploadBatchParsed(client, await createZip(invoices), { pollOptions: { intervalMs: 10 } });
  const filters = {
    subjectType: 'Subject1',
    dateRange: { dateType: 'PermanentStorage', from: '2026-03-01T00:00:00Z', to: '2026-03-31T00:00:00Z' },
  } as const;
  const metadata = await collectAllInvoiceMetadata(client, filters);
  expect(metadata.map((one) => one.invoiceHash)).toEqual(invoices.map(({ content }) => sha256(content)));

  const pollOptions = { intervalMs: 10 };
  const { files } = await exportAndDownload(client, filters, { extract: true, pollOptions });
  for (const { ksefNumber, invoiceHash } of metadata) {
    expect(sha256(files.get(`${ksefNumber}.xml`) ?? Buffer.alloc(0))).toBe(invoiceHash);
    expect((await client.invoices.getInvoice(ksefNumber)).hash).toBe(invoiceHash);
  }
});

test('its streamed upload is chunked, and refused as the real storage refuses it', async () => {
  const nip = freshNip();
  const client = await loggedIn(nip);
  const archive = await createZip(invoicesOf(nip, ['1']));
  const stream = () => new Blob([new Uint8Array(archive)]).stream();
  await expect(uploadBatchStream(client, stream, archive.length)).rejects.toThrow('UnsupportedHeader');
});

test('the client ends its login', async () => {
  const client = await loggedIn(freshNip());
  await client.activeSessions.revokeCurrentSession();
  expect(harness.emulator.control.calls()['DELETE /auth/sessions/current']).toBe(1);
});
