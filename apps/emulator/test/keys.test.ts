import { createHash, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { tarGz } from './support/archives.ts';
import {
  at,
  call,
  closeBatch,
  exceptionCode,
  listAt,
  logIn,
  openBatch,
  packageOf,
  textAt,
  uploadAll,
} from './support/client.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';

const harness = useEmulator();

async function published(): Promise<unknown[]> {
  return listAt({ keys: (await call(harness, 'GET', '/security/public-key-certificates')).body }, 'keys');
}

async function prepared() {
  const nip = freshNip();
  const { access: token } = await logIn(harness, nip);
  const archive = await tarGz([{ name: 'a.xml', content: invoiceXml({ nip, number: '1' }) }]);
  return { token, ...packageOf(harness, archive) };
}

async function rotate(emergency: boolean): Promise<void> {
  const answer = await fetch(`${harness.emulator.url}/_emulator/keys/rotate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ emergency }),
  });
  expect(answer.status).toBe(200);
}

async function statusOf(token: string, reference: string): Promise<unknown> {
  return at((await call(harness, 'GET', `/sessions/${reference}`, { token })).body, 'status.code');
}

test('every published certificate is a real one, and its id is the hash of its key', async () => {
  const keys = await published();
  expect(keys.map((key) => at(key, 'usage'))).toEqual([['KsefTokenEncryption'], ['SymmetricKeyEncryption']]);
  for (const key of keys) {
    const certificate = new X509Certificate(Buffer.from(textAt(key, 'certificate'), 'base64'));
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
    const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
    expect(at(key, 'publicKeyId')).toBe(createHash('sha256').update(spki).digest('base64'));
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(harness.clock.now().getTime());
  }
});

test('after a planned rotation both keys are good', async () => {
  const old = await prepared();
  await rotate(false);
  expect(await published()).toHaveLength(4);
  for (const { token, parts, request } of [old, await prepared()]) {
    const batch = await openBatch(harness, token, request);
    await uploadAll(batch, parts);
    await closeBatch(harness, token, batch.reference);
    expect(await statusOf(token, batch.reference)).toBe(200);
  }
});

test('an emergency withdraws the old key at once', async () => {
  const named = await prepared();
  const opened = await prepared();
  const batch = await openBatch(harness, opened.token, opened.request);
  await uploadAll(batch, opened.parts);
  await rotate(true);

  expect(await published()).toHaveLength(2);
  const { token, request: body } = named;
  expect(exceptionCode(await call(harness, 'POST', '/sessions/batch', { token, body }))).toBe(21470);
  await closeBatch(harness, opened.token, batch.reference);
  expect(await statusOf(opened.token, batch.reference)).toBe(415);
});
