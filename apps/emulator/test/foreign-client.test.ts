/** Another maker's client, the npm package ksef-client-ts, unchanged but for its base address. */
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
import { describe, expect, test } from 'vitest';
import { sha256 } from './support/crypto.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';

const harness = useEmulator();
const QUICKLY = { intervalMs: 20, maxAttempts: 200 };

type Login = (client: KSeFClient, nip: string) => Promise<unknown>;

const byToken: Login = (client, nip) => client.loginWithToken('any-token', nip);

/** The client's own walk through challenge, status and redemption. */
const byTokenStepwise: Login = async (client, nip) => {
  const tokens = await authenticateWithToken(client, { nip, token: `token of ${nip}` });
  expect(tokens.refreshToken).not.toBe('');
};

const byCertificate =
  (kind: 'seal' | 'personal', key: 'rsa' | 'ec'): Login =>
  async (client, nip) => {
    const order = { kind, nip, key };
    const { certificatePem, privateKeyPem } = await harness.emulator.control.issueCertificate(order);
    await client.loginWithCertificate(certificatePem, privateKeyPem, nip);
  };

async function loggedIn(nip: string, login = byTokenStepwise): Promise<KSeFClient> {
  const client = new KSeFClient({ baseUrl: harness.emulator.url, environment: 'TEST' });
  await client.crypto.init();
  await login(client, nip);
  return client;
}

type InvoiceFile = { fileName: string; content: Buffer };

function invoicesOf(nip: string, count: number): InvoiceFile[] {
  return Array.from({ length: count }, (_, place) => ({
    fileName: `${place}.xml`,
    content: Buffer.from(invoiceXml({ nip, number: `FC/${place + 1}` })),
  }));
}

type Receipt = Awaited<ReturnType<typeof uploadBatchParsed>>['upo'];

/** Every invoice is in the receipt by its hash, in order, with the KSeF number the emulator gave it. */
function expectReceipt(receipt: Receipt, nip: string, invoices: readonly InvoiceFile[]): void {
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

const formats = [
  ['Zip', createZip],
  ['TarGz', createTarGz],
] as const;

describe.each<[string, Login]>([
  ['a KSeF token', byToken],
  ['a KSeF token, step by step', byTokenStepwise],
  ['a company seal (RSA)', byCertificate('seal', 'rsa')],
  ['a company seal (ECDSA)', byCertificate('seal', 'ec')],
  ['a personal certificate (RSA)', byCertificate('personal', 'rsa')],
  ['a personal certificate (ECDSA)', byCertificate('personal', 'ec')],
])('logged in by %s', (_name, login) => {
  test('interactive: open, send two, close, status, receipt', async () => {
    const nip = freshNip();
    const client = await loggedIn(nip, login);
    const invoices = invoicesOf(nip, 2);
    const session = await openOnlineSession(client);
    const references: string[] = [];
    for (const { content } of invoices) references.push(await session.sendInvoice(content));
    await session.close();
    expectReceipt(await session.waitForUpoParsed(QUICKLY), nip, invoices);
    const status = await client.sessionStatus.getSessionStatus(session.sessionRef);
    expect(status.status.code).toBe(200);
    const listed = await client.sessionStatus.getSessionInvoices(session.sessionRef);
    expect(listed.invoices.map(({ referenceNumber }) => referenceNumber)).toEqual(references);
  });

  test.each(formats)('batch in %s: open, upload, close, status, receipt', async (compressionType, pack) => {
    const nip = freshNip();
    const client = await loggedIn(nip, login);
    const invoices = invoicesOf(nip, 7);
    const { sessionRef, upo } = await uploadBatchParsed(client, await pack(invoices), {
      compressionType,
      maxPartSize: 1_000,
      pollOptions: QUICKLY,
    });
    expectReceipt(upo, nip, invoices);
    const listed = await client.sessionStatus.getSessionInvoices(sessionRef);
    expect(listed.invoices.map(({ invoiceFileName }) => invoiceFileName)).toEqual(
      invoices.map(({ fileName }) => fileName),
    );
  });
});

test('what was sent is found again: metadata, an export, the invoice itself', async () => {
  const nip = freshNip();
  const client = await loggedIn(nip);
  const invoices = invoicesOf(nip, 3);
  await uploadBatchParsed(client, await createZip(invoices), { pollOptions: QUICKLY });
  const filters = {
    subjectType: 'Subject1',
    dateRange: { dateType: 'PermanentStorage', from: '2026-03-01T00:00:00Z', to: '2026-03-31T00:00:00Z' },
  } as const;
  const metadata = await collectAllInvoiceMetadata(client, filters);
  expect(metadata.map((one) => one.invoiceHash)).toEqual(invoices.map(({ content }) => sha256(content)));

  const { files } = await exportAndDownload(client, filters, { extract: true, pollOptions: QUICKLY });
  for (const { ksefNumber, invoiceHash } of metadata) {
    expect(sha256(files.get(`${ksefNumber}.xml`) ?? Buffer.alloc(0))).toBe(invoiceHash);
    expect((await client.invoices.getInvoice(ksefNumber)).hash).toBe(invoiceHash);
  }
});

test('its streamed upload is chunked, and refused as the real storage refuses it', async () => {
  const nip = freshNip();
  const client = await loggedIn(nip);
  const archive = await createZip(invoicesOf(nip, 1));
  const stream = () => new Blob([new Uint8Array(archive)]).stream();
  await expect(uploadBatchStream(client, stream, archive.length)).rejects.toThrow('UnsupportedHeader');
});

test('the client ends its login', async () => {
  const client = await loggedIn(freshNip());
  await client.activeSessions.revokeCurrentSession();
  expect(harness.emulator.control.calls()['DELETE /auth/sessions/current']).toBe(1);
});
