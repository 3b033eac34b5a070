/** Another maker's client, the npm package ksef-client-ts, unchanged but for its base address. */
import { createHash } from 'node:crypto';
import { createTarGz, createZip, KSeFClient, openOnlineSession, uploadBatchParsed } from 'ksef-client-ts';
import { describe, expect, it } from 'vitest';
import { useEmulator } from './support/harness.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';

const harness = useEmulator();
const QUICKLY = { intervalMs: 20, maxAttempts: 200 };

type Login = (client: KSeFClient, nip: string) => Promise<unknown>;

const byToken: Login = (client, nip) => client.loginWithToken('any-token', nip);

const byCertificate =
  (kind: 'seal' | 'personal', key: 'rsa' | 'ec'): Login =>
  async (client, nip) => {
    const { certificatePem, privateKeyPem } = await harness.emulator.control.issueCertificate({
      kind,
      nip,
      key,
    });
    await client.loginWithCertificate(certificatePem, privateKeyPem, nip);
  };

async function loggedIn(nip: string, login: Login): Promise<KSeFClient> {
  const client = new KSeFClient({ baseUrl: harness.emulator.url, environment: 'TEST' });
  await client.crypto.init();
  await login(client, nip);
  return client;
}

function invoices(nip: string, count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) =>
    Buffer.from(invoiceXml({ nip, number: `FC/${index + 1}` })),
  );
}

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');

function registeredOf(nip: string): string[] {
  return harness.emulator.control
    .registry()
    .filter((entry) => entry.nip === nip)
    .map(({ sha256, ksefNumber }) => `${sha256} ${ksefNumber}`)
    .sort();
}

describe.each<[string, Login]>([
  ['a KSeF token', byToken],
  ['a company seal (RSA)', byCertificate('seal', 'rsa')],
  ['a company seal (ECDSA)', byCertificate('seal', 'ec')],
  ['a personal certificate (RSA)', byCertificate('personal', 'rsa')],
  ['a personal certificate (ECDSA)', byCertificate('personal', 'ec')],
])('logged in by %s', (_name, login) => {
  it('sends two invoices interactively and reads the UPO', async () => {
    const nip = freshNip();
    const client = await loggedIn(nip, login);
    const files = invoices(nip, 2);
    const session = await openOnlineSession(client);
    for (const file of files) await session.sendInvoice(file);
    await session.close();
    const { parsed, successfulInvoiceCount } = await session.waitForUpoParsed(QUICKLY);
    expect(successfulInvoiceCount).toBe(2);
    const entries = parsed.flatMap(({ dokumenty }) => dokumenty);
    expect(entries.map(({ skrotDokumentu }) => skrotDokumentu).sort()).toEqual(files.map(hashOf).sort());
    expect(
      entries
        .map(({ skrotDokumentu, numerKSeFDokumentu }) => `${skrotDokumentu} ${numerKSeFDokumentu}`)
        .sort(),
    ).toEqual(registeredOf(nip));
  });

  it.each([
    ['Zip', createZip],
    ['TarGz', createTarGz],
  ] as const)('sends a batch as %s and reads the UPO', async (compressionType, pack) => {
    const nip = freshNip();
    const client = await loggedIn(nip, login);
    const files = invoices(nip, 7);
    const archive = await pack(files.map((content, index) => ({ fileName: `${index}.xml`, content })));
    const { upo } = await uploadBatchParsed(client, archive, { compressionType, pollOptions: QUICKLY });
    const entries = upo.parsed.flatMap(({ dokumenty }) => dokumenty);
    expect(
      entries
        .map(({ skrotDokumentu, numerKSeFDokumentu }) => `${skrotDokumentu} ${numerKSeFDokumentu}`)
        .sort(),
    ).toEqual(registeredOf(nip));
    expect(entries).toHaveLength(7);
  });
});
