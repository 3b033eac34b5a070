import { expect, test } from 'vitest';
import { tarGz } from './support/archives.ts';
import { at, beginLogin, call, logIn, openBatch, packageOf, uploadAll } from './support/client.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';

const harness = useEmulator({ strict: true, speed: 'realistic' });

test('strict: only tokens made here can log in', async () => {
  const nip = freshNip();
  const login = await beginLogin(harness, nip, 'somebody says this is a token');
  const path = `/auth/${login.referenceNumber}`;
  const token = login.authenticationToken;
  expect(at((await call(harness, 'GET', path, { token })).body, 'status.code')).toBe(100);
  expect(at((await call(harness, 'GET', path, { token })).body, 'status')).toMatchObject({ code: 450 });
});

test('realistic: a login is in progress at first, and cannot be redeemed yet', async () => {
  const nip = freshNip();
  const ksefToken = harness.emulator.control.issueToken(nip, ['InvoiceWrite']).token;
  const { referenceNumber, authenticationToken: token } = await beginLogin(harness, nip, ksefToken);
  const early = await call(harness, 'POST', '/auth/token/redeem', { token });
  expect(early.text).toContain('21301');
  await call(harness, 'GET', `/auth/${referenceNumber}`, { token });
  expect((await call(harness, 'POST', '/auth/token/redeem', { token })).status).toBe(200);
});

test('strict: the control API makes the first token', async () => {
  const nip = freshNip();
  const answer = await fetch(`${harness.emulator.url}/_emulator/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ nip }),
  });
  const made: unknown = await answer.json();
  harness.clock.advance(1000);
  const { access } = await logIn(harness, nip, String(at(made, 'token')));
  expect((await call(harness, 'GET', '/limits/context', { token: access })).status).toBe(200);
});

test('realistic: a call takes the 29 ms that the Ministry reports', async () => {
  const startedAt = performance.now();
  await call(harness, 'POST', '/auth/challenge');
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(28);
});

test('realistic: a batch is worked off about a second after its close', async () => {
  const nip = freshNip();
  const issued = harness.emulator.control.issueToken(nip, ['InvoiceWrite']);
  harness.clock.advance(1000);
  const { access: token } = await logIn(harness, nip, issued.token);
  const archive = await tarGz([{ name: 'a.xml', content: invoiceXml({ nip, number: '1' }) }]);
  const { parts, request } = packageOf(harness, archive);
  const batch = await openBatch(harness, token, request);
  await uploadAll(batch, parts);
  const startedAt = performance.now();
  await call(harness, 'POST', `/sessions/batch/${batch.reference}/close`, { token });
  const path = `/sessions/${batch.reference}`;
  expect(at((await call(harness, 'GET', path, { token })).body, 'status.code')).toBe(150);
  await harness.emulator.control.idle();
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(999);
  expect(at((await call(harness, 'GET', path, { token })).body, 'status.code')).toBe(200);
});
