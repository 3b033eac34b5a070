/** A foreign client, the npm package ksef-client-ts, walks its own path here: only its base address is changed. */
import {
  authenticateWithToken,
  createTarGz,
  createZip,
  KSeFClient,
  openOnlineSession,
  uploadBatchParsed,
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

test('the client ends its login', async () => {
  const client = await loggedIn(freshNip());
  await client.activeSessions.revokeCurrentSession();
  expect(harness.emulator.control.calls()['DELETE /auth/sessions/current']).toBe(1);
});
