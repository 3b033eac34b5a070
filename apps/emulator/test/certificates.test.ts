import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import type { CertificateOrder, IssuedCertificate } from '../src/index.ts';
import { textAt } from './support/client.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip } from './support/invoice.ts';

const harness = useEmulator();

function opened({ certificatePem, privateKeyPem }: IssuedCertificate) {
  const certificate = new X509Certificate(certificatePem);
  return { certificate, belongs: certificate.checkPrivateKey(createPrivateKey(privateKeyPem)) };
}

const nip = freshNip();

test.each<[CertificateOrder, string]>([
  [{ kind: 'seal', nip, key: 'rsa' }, `organizationIdentifier=VATPL-${nip}`],
  [{ kind: 'personal', nip, key: 'ec' }, `serialNumber=TINPL-${nip}`],
  [{ kind: 'personal', pesel: '02291012345', key: 'rsa' }, 'serialNumber=PNOPL-02291012345'],
])('a certificate for %j names its holder', async (order, part) => {
  const { certificate, belongs } = opened(await harness.emulator.control.issueCertificate(order));
  expect(certificate.subject.split('\n')).toContain(part);
  expect(certificate.publicKey.asymmetricKeyType).toBe(order.key);
  expect(certificate.issuer).toContain('CN=KSeF emulator CA');
  expect(certificate.ca).toBe(false);
  expect(belongs).toBe(true);
});

test('a certificate is valid when asked to be', async () => {
  const validFrom = new Date('2020-01-01T00:00:00Z');
  const validTo = new Date('2051-01-01T00:00:00Z');
  const order = { kind: 'seal', nip, key: 'ec', validFrom, validTo } as const;
  const { certificate } = opened(await harness.emulator.control.issueCertificate(order));
  expect(new Date(certificate.validFrom)).toEqual(validFrom);
  expect(new Date(certificate.validTo)).toEqual(validTo);
});

function order(body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  const url = `${harness.emulator.url}/_emulator/certificates`;
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

test('the same over HTTP', async () => {
  const answer = await order({ kind: 'seal', nip, key: 'ec', validTo: '2027-01-01T00:00:00Z' });
  expect(answer.status).toBe(201);
  const body: unknown = await answer.json();
  const { certificate, belongs } = opened({
    certificatePem: textAt(body, 'certificatePem'),
    privateKeyPem: textAt(body, 'privateKeyPem'),
  });
  expect(new Date(certificate.validTo).toISOString()).toBe('2027-01-01T00:00:00.000Z');
  expect(belongs).toBe(true);
});

test.each([
  { kind: 'seal', pesel: '02291012345' },
  { kind: 'personal' },
  { kind: 'personal', nip, pesel: '02291012345' },
  { kind: 'seal', nip: '12' },
])('%j is refused', async (body) => {
  expect((await order(body)).status).toBe(400);
});
