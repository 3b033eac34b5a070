import { expect, test } from 'vitest';
import { tarGz } from './support/archives.ts';
import { at, call, exceptionCode, listAt, logIn, packageOf, sendBatch, textAt } from './support/client.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';

const harness = useEmulator();

async function oneSession(nip: string, token: string): Promise<{ reference: string; status: unknown }> {
  const archive = await tarGz([{ name: 'a.xml', content: invoiceXml({ nip, number: '1' }) }]);
  return sendBatch(harness, token, packageOf(harness, archive));
}

test('no token, a made-up token or one of another kind is a 401 in problem+json', async () => {
  const { refresh } = await logIn(harness, freshNip());
  for (const headers of [{}, { authorization: 'Bearer nonsense' }, { authorization: `Bearer ${refresh}` }]) {
    const answer = await call(harness, 'GET', '/rate-limits', { headers, wrong: true });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  }
});

test('a session is closed to other contexts and to other credentials of its context', async () => {
  const nip = freshNip();
  const { reference } = await oneSession(nip, (await logIn(harness, nip)).access);
  const stranger = await logIn(harness, freshNip());
  const colleague = await logIn(harness, nip, 'another token');
  for (const { access: token } of [stranger, colleague]) {
    for (const path of ['', '/invoices', '/invoices/failed', `/upo/${'X'.repeat(36)}`]) {
      const answer = await call(harness, 'GET', `/sessions/${reference}${path}`, { token });
      expect(answer.status).toBe(403);
      expect(at(answer.body, 'reasonCode')).toBe('insufficient-resource-access');
    }
    const listed = await call(harness, 'GET', '/sessions?sessionType=Batch', { token });
    expect(listAt(listed.body, 'sessions')).toEqual([]);
  }
});

test('a holder of Introspection sees every session of the context', async () => {
  const nip = freshNip();
  const { reference } = await oneSession(nip, (await logIn(harness, nip)).access);
  const { token: ksefToken } = harness.emulator.control.issueToken(nip, ['Introspection']);
  const { access: token } = await logIn(harness, nip, ksefToken);
  expect((await call(harness, 'GET', `/sessions/${reference}`, { token })).status).toBe(200);
  const listed = await call(harness, 'GET', '/sessions?sessionType=Batch', { token });
  expect(listAt(listed.body, 'sessions')).toHaveLength(1);
});

test('a call without the permission is a 403 that names what is missing', async () => {
  const nip = freshNip();
  const { token: ksefToken } = harness.emulator.control.issueToken(nip, ['InvoiceRead']);
  const { access: token } = await logIn(harness, nip, ksefToken);
  const answer = await call(harness, 'POST', '/sessions/online', { token, body: {}, wrong: true });
  expect(answer.status).toBe(403);
  expect(answer.body).toMatchObject({
    reasonCode: 'missing-permissions',
    security: { presentPermissions: ['InvoiceRead'] },
  });
});

test('a session that does not exist is 21173', async () => {
  const { access: token } = await logIn(harness, freshNip());
  const missing = `20260316-SB-${'0'.repeat(10)}-${'0'.repeat(10)}-00`;
  expect(exceptionCode(await call(harness, 'GET', `/sessions/${missing}`, { token }))).toBe(21173);
  expect(exceptionCode(await call(harness, 'POST', `/sessions/batch/${missing}/close`, { token }))).toBe(
    21173,
  );
});

test('errors come as problem details to those who ask', async () => {
  const { access: token } = await logIn(harness, freshNip());
  const headers = { 'x-error-format': 'problem-details' };
  const answer = await call(harness, 'GET', `/sessions/${'9'.repeat(36)}`, { token, headers });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(at(answer.body, 'errors.0.code')).toBe(21173);
});

test('a receipt address needs no token, refuses one, and expires', async () => {
  const nip = freshNip();
  const { access } = await logIn(harness, nip);
  const { status } = await oneSession(nip, access);
  const url = textAt(status, 'upo.pages.0.downloadUrl');
  expect((await fetch(url)).status).toBe(200);
  expect((await fetch(url, { headers: { authorization: `Bearer ${access}` } })).status).toBe(401);
  harness.clock.set(textAt(status, 'upo.pages.0.downloadUrlExpirationDate'));
  expect((await fetch(url)).status).toBe(403);
});

test('a body that is no JSON is 21001', async () => {
  const answer = await fetch(`${harness.emulator.url}/v2/auth/ksef-token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-wrong-on-purpose': '1' },
    body: '{"challenge":',
  });
  expect(await answer.text()).toContain('21001');
});

test('operations that are not emulated say so by name', async () => {
  const answer = await call(harness, 'POST', '/collective-identifiers', { body: {} });
  expect(answer.status).toBe(501);
  expect(textAt(answer.body, 'detail')).toContain('POST /collective-identifiers');
});
