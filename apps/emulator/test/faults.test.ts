import { expect, test } from 'vitest';
import { tarGz } from './support/archives.ts';
import {
  at,
  call,
  closeBatch,
  logIn,
  openBatch,
  packageOf,
  replyOf,
  sendBatch,
  textAt,
  uploadAll,
} from './support/client.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';

const harness = useEmulator();

async function control(method: string, path: string, body?: unknown) {
  const headers = { 'content-type': 'application/json' };
  const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) };
  return replyOf(await fetch(`${harness.emulator.url}/_emulator${path}`, init));
}

async function openedBatch() {
  const nip = freshNip();
  const { access: token } = await logIn(harness, nip);
  const archive = await tarGz([{ name: 'a.xml', content: invoiceXml({ nip, number: '1' }) }]);
  const { parts, request } = packageOf(harness, archive);
  const batch = await openBatch(harness, token, request);
  return { token, parts, batch };
}

const closing = 'POST /sessions/batch/{ref}/close';

test('a fault answers in place of the work, as often as told', async () => {
  const { token, parts, batch } = await openedBatch();
  await uploadAll(batch, parts);
  const body = '<html>Bad gateway</html>';
  await control('POST', '/faults', { operation: closing, times: 2, status: 502, body });
  for (let i = 0; i < 2; i += 1) {
    const answer = await closeBatch(harness, token, batch.reference);
    expect(answer).toMatchObject({ status: 502, text: body });
    expect(answer.headers.get('content-type')).toBe('text/html');
  }
  const { body: status } = await call(harness, 'GET', `/sessions/${batch.reference}`, { token });
  expect(at(status, 'status.code')).toBe(100);
  expect((await closeBatch(harness, token, batch.reference)).status).toBe(204);
});

test('a fault after the work hides that it was done', async () => {
  const { token, parts, batch } = await openedBatch();
  await uploadAll(batch, parts);
  await control('POST', '/faults', { operation: closing, status: 503, body: {}, afterEffect: true });
  expect((await closeBatch(harness, token, batch.reference)).status).toBe(503);
  const { body: status } = await call(harness, 'GET', `/sessions/${batch.reference}`, { token });
  expect(at(status, 'status.code')).toBe(200);
});

test('a dropped connection is one, before or after the work', async () => {
  const { token, parts, batch } = await openedBatch();
  await uploadAll(batch, parts);
  await control('POST', '/faults', { operation: closing, drop: true });
  await expect(closeBatch(harness, token, batch.reference)).rejects.toThrow();
  await control('POST', '/faults', { operation: closing, drop: true, afterEffect: true });
  await expect(closeBatch(harness, token, batch.reference)).rejects.toThrow();
  await harness.emulator.control.idle();
  const { body: status } = await call(harness, 'GET', `/sessions/${batch.reference}`, { token });
  expect(at(status, 'status.code')).toBe(200);
});

test('uploads and receipts can fail too: 200 with a page is no 201', async () => {
  const { token, parts, batch } = await openedBatch();
  await control('POST', '/faults', {
    operation: 'PUT /storage/{session}/{part}',
    status: 200,
    body: '<html>',
  });
  await expect(uploadAll(batch, parts)).rejects.toThrow('200');
  expect((await closeBatch(harness, token, batch.reference)).text).toContain('21205');
  await uploadAll(batch, parts);
  await closeBatch(harness, token, batch.reference);
  const { body: status } = await call(harness, 'GET', `/sessions/${batch.reference}`, { token });
  await control('POST', '/faults', {
    operation: 'GET /storage/upo/{session}/{page}',
    status: 200,
    body: '<html>',
  });
  const url = textAt(status, 'upo.pages.0.downloadUrl');
  expect(await (await fetch(url)).text()).toBe('<html>');
  expect(await (await fetch(url)).text()).toContain('<Potwierdzenie');
});

test('a fault can let calls pass first, and only delay', async () => {
  await control('POST', '/faults', { operation: 'POST /auth/challenge', skip: 1, delayMs: 30 });
  const startedAt = performance.now();
  expect((await call(harness, 'POST', '/auth/challenge')).status).toBe(200);
  const second = await call(harness, 'POST', '/auth/challenge');
  expect(second.status).toBe(200);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(29);
});

test('faults are listed, cleared, and refused where they make no sense', async () => {
  await control('POST', '/faults', { operation: 'GET /sessions', status: 500 });
  expect((await control('GET', '/faults')).body).toHaveLength(1);
  expect((await control('DELETE', '/faults')).status).toBe(204);
  expect((await control('GET', '/faults')).body).toEqual([]);
  expect((await control('POST', '/faults', { operation: 'nonsense' })).status).toBe(400);
  expect((await control('POST', '/faults', { operation: 'GET /x', colour: 'red' })).status).toBe(400);
});

test('stats and registry tell what was called and what was accepted', async () => {
  const nip = freshNip();
  const { access: token } = await logIn(harness, nip);
  const before = harness.emulator.control.stats();
  const archive = await tarGz([{ name: 'a.xml', content: invoiceXml({ nip, number: '1' }) }]);
  const { reference } = await sendBatch(harness, token, packageOf(harness, archive));
  const { body: stats } = await control('GET', '/stats');
  const opened = 'POST /sessions/batch';
  expect(at(stats, `calls.${opened}`)).toBe((before.calls[opened] ?? 0) + 1);
  expect(stats).toMatchObject({
    registered: before.registered + 1,
    sessions: { batch: before.sessions.batch + 1, online: 0 },
  });
  const { body: registry } = await control('GET', '/registry');
  expect(registry).toContainEqual(
    expect.objectContaining({ nip, kind: 'VAT', number: '1', session: reference, mode: 'Online' }),
  );
});
