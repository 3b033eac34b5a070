import { request as httpRequest, type IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { tarGz } from './support/archives.ts';
import { closeBatch, logIn, type OpenedBatch, openBatch, packageOf } from './support/client.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';

const harness = useEmulator();

async function opened(): Promise<{
  batch: OpenedBatch;
  part: Uint8Array<ArrayBuffer>;
  url: string;
  token: string;
}> {
  const nip = freshNip();
  const token = (await logIn(harness, nip)).access;
  const archive = await tarGz([{ name: 'a.xml', content: invoiceXml({ nip, number: '1' }) }]);
  const { parts, request } = packageOf(harness, archive);
  const batch = await openBatch(harness, token, request);
  return { batch, part: new Uint8Array(parts[0]!), url: batch.uploads[0]!.url, token };
}

const blob = { 'x-ms-blob-type': 'BlockBlob' };

test('an upload exactly as told answers 201 with nothing in it', async () => {
  const { url, part } = await opened();
  expect(new URL(url).pathname).not.toContain('/v2/');
  const answer = await fetch(url, { method: 'PUT', headers: blob, body: part });
  expect(answer.status).toBe(201);
  expect(await answer.text()).toBe('');
});

test('without the header it was told to send, an upload is refused', async () => {
  const { url, part } = await opened();
  expect((await fetch(url, { method: 'PUT', body: part })).status).toBe(400);
});

test('an access token on an upload is refused', async () => {
  const { url, part, token } = await opened();
  const headers = { ...blob, authorization: `Bearer ${token}` };
  expect((await fetch(url, { method: 'PUT', headers, body: part })).status).toBe(401);
});

test('another method than told finds nothing', async () => {
  const { url, part } = await opened();
  expect((await fetch(url, { method: 'POST', headers: blob, body: part })).status).toBe(404);
});

test('a changed address is refused', async () => {
  const { url, part } = await opened();
  const otherPart = url.replace(/\/1\?/, '/2?');
  expect((await fetch(otherPart, { method: 'PUT', headers: blob, body: part })).status).toBe(403);
  const longer = url.replace(/se=\d{4}/, 'se=2099');
  expect((await fetch(longer, { method: 'PUT', headers: blob, body: part })).status).toBe(403);
});

test('twenty minutes a part, then the address has expired', async () => {
  const { url, part } = await opened();
  harness.clock.advance(20 * 60_000 - 1_000);
  expect((await fetch(url, { method: 'PUT', headers: blob, body: part })).status).toBe(201);
  harness.clock.advance(1_000);
  const late = await fetch(url, { method: 'PUT', headers: blob, body: part });
  expect(late.status).toBe(403);
  expect(await late.text()).toContain('<Code>AuthenticationFailed</Code>');
});

test('chunked transfer is refused: the length must be told', async () => {
  const { url, part } = await opened();
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sending = httpRequest(url, { method: 'PUT', headers: blob }, (incoming) => {
      incoming.resume();
      resolve(incoming);
    });
    sending.on('error', reject);
    sending.write(part);
    sending.end();
  });
  expect([answer.statusCode, answer.headers['x-ms-error-code']]).toEqual([400, 'UnsupportedHeader']);
});

test('a later upload of the same part replaces the earlier', async () => {
  const { batch, url, part, token } = await opened();
  await fetch(url, { method: 'PUT', headers: blob, body: new Uint8Array(10) });
  await fetch(url, { method: 'PUT', headers: blob, body: part });
  expect((await closeBatch(harness, token, batch.reference)).status).toBe(204);
  expect((await fetch(url, { method: 'PUT', headers: blob, body: part })).status).toBe(403);
});
