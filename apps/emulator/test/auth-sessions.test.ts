import { expect, test } from 'vitest';
import { at, call, exceptionCode, listAt, logIn, type Tokens, textAt } from './support/client.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip } from './support/invoice.ts';
import { freshChallenge, postSigned, requestXml, selfSignedSeal, signByHand } from './support/xades.ts';

const harness = useEmulator();

async function pages(path: string, list: string, token: string): Promise<unknown[][]> {
  const found: unknown[][] = [];
  let continuation: unknown;
  do {
    const headers = typeof continuation === 'string' ? { 'x-continuation-token': continuation } : {};
    const { body } = await call(harness, 'GET', path, { token, headers });
    found.push(listAt(body, list));
    continuation = at(body, 'continuationToken');
  } while (typeof continuation === 'string');
  return found;
}

test('logins are listed newest first, page by page, and marked where they are the own', async () => {
  const nip = freshNip();
  const logins: Tokens[] = [];
  for (let count = 0; count < 23; count += 1) logins.push(await logIn(harness, nip));
  const own = logins[20];
  const found = await pages('/auth/sessions?pageSize=10', 'items', own?.access ?? '');
  expect(found.map((page) => page.length)).toEqual([10, 10, 3]);
  const references = found.flat().map((item) => textAt(item, 'referenceNumber'));
  expect(references).toEqual(logins.map(({ loginReference }) => loginReference).reverse());
  const current = found.flat().filter((item) => at(item, 'isCurrent') === true);
  expect(current).toMatchObject([{ referenceNumber: own?.loginReference }]);
});

test('a continuation token of another list is refused', async () => {
  const { access: token } = await logIn(harness, freshNip());
  const headers = { 'x-continuation-token': 'bm90IG1pbmU' };
  expect(exceptionCode(await call(harness, 'GET', '/auth/sessions', { token, headers }))).toBe(21418);
});

test('a login is no longer listed once it is revoked or its refresh token is over', async () => {
  const nip = freshNip();
  const first = await logIn(harness, nip);
  const second = await logIn(harness, nip);
  const path = `/auth/sessions/${second.loginReference}`;
  await call(harness, 'DELETE', path, { token: first.access });
  expect((await pages('/auth/sessions', 'items', first.access)).flat()).toHaveLength(1);
  harness.clock.advance(8 * 86_400_000);
  const later = await logIn(harness, nip);
  expect((await pages('/auth/sessions', 'items', later.access)).flat()).toHaveLength(1);
});

test('the login of somebody else cannot be revoked', async () => {
  const { access: token } = await logIn(harness, freshNip());
  const { loginReference, refresh } = await logIn(harness, freshNip());
  const path = `/auth/sessions/${loginReference}`;
  expect(exceptionCode(await call(harness, 'DELETE', path, { token }))).toBe(21405);
  expect((await call(harness, 'POST', '/auth/token/refresh', { token: refresh })).status).toBe(200);
});

test('the current login can be revoked by its refresh token too', async () => {
  const { refresh: token } = await logIn(harness, freshNip());
  expect((await call(harness, 'DELETE', '/auth/sessions/current', { token })).status).toBe(204);
  expect(exceptionCode(await call(harness, 'POST', '/auth/token/refresh', { token }))).toBe(21301);
});

async function logInSigned(nip: string): Promise<string> {
  const request = requestXml(await freshChallenge(harness), `<Nip>${nip}</Nip>`);
  const init = await postSigned(harness, signByHand(request, selfSignedSeal(nip)));
  const token = textAt(init.body, 'authenticationToken.token');
  const { body } = await call(harness, 'POST', '/auth/token/redeem', { token });
  return textAt(body, 'accessToken.token');
}

test('tokens are filtered by state, description and author, and listed page by page', async () => {
  const nip = freshNip();
  const token = await logInSigned(nip);
  for (let count = 0; count < 12; count += 1) {
    const body = { permissions: ['InvoiceWrite'], description: `Sending ${count % 2 ? 'odd' : 'even'}` };
    await call(harness, 'POST', '/tokens', { token, body });
  }
  const all = (await pages('/tokens', 'tokens', token)).flat();
  expect(all).toHaveLength(12);
  expect(all[0]).toMatchObject({ authorIdentifier: { type: 'Nip', value: nip }, status: 'Active' });
  await call(harness, 'DELETE', `/tokens/${textAt(all[0], 'referenceNumber')}`, { token });
  const count = async (filter: string) => (await pages(`/tokens?${filter}`, 'tokens', token)).flat().length;
  expect(await count('status=Revoked')).toBe(1);
  expect(await count('status=Active&status=Revoked')).toBe(12);
  expect(await count('description=EVEN')).toBe(6);
  expect(await count(`authorIdentifier=${nip.slice(2, 6)}&authorIdentifierType=Nip`)).toBe(12);
  expect(await count('authorIdentifierType=Pesel')).toBe(0);
});

test.each(['status=Lost', 'description=ab', 'authorIdentifierType=Name'])(
  'the filter %s is refused',
  async (filter) => {
    const { access: token } = await logIn(harness, freshNip());
    const answer = await call(harness, 'GET', `/tokens?${filter}`, { token, wrong: true });
    expect(exceptionCode(answer)).toBe(21405);
  },
);

test('reading credentials does not suffice to revoke the token of somebody else', async () => {
  const nip = freshNip();
  const { token: own } = harness.emulator.control.issueToken(nip, ['CredentialsRead']);
  const other = harness.emulator.control.issueToken(nip, ['InvoiceWrite']);
  const { access: token } = await logIn(harness, nip, own);
  const path = `/tokens/${other.referenceNumber}`;
  expect((await call(harness, 'GET', path, { token })).status).toBe(200);
  expect(exceptionCode(await call(harness, 'DELETE', path, { token }))).toBe(21405);
});
