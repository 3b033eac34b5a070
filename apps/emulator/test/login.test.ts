import { decodeJwt } from 'jose';
import { expect, test } from 'vitest';
import {
  at,
  beginLogin,
  call,
  exceptionCode,
  listAt,
  logIn,
  publishedKey,
  type Reply,
  textAt,
} from './support/client.ts';
import { encryptFor } from './support/crypto.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip } from './support/invoice.ts';

const harness = useEmulator();

type Wish = {
  token?: string;
  timestampMs?: unknown;
  challenge?: string;
  plain?: string;
  publicKeyId?: string;
};

async function attempt(nip: string, wish: Wish = {}): Promise<Reply> {
  const { body: given } = await call(harness, 'POST', '/auth/challenge');
  const { certificate, publicKeyId } = publishedKey(harness, 'KsefTokenEncryption');
  const timestampMs = wish.timestampMs ?? at(given, 'timestampMs');
  return call(harness, 'POST', '/auth/ksef-token', {
    body: {
      challenge: wish.challenge ?? textAt(given, 'challenge'),
      contextIdentifier: { type: 'Nip', value: nip },
      encryptedToken: encryptFor(certificate, wish.plain ?? `${wish.token ?? 'any'}|${timestampMs}`),
      publicKeyId: wish.publicKeyId ?? publicKeyId,
    },
  });
}

async function statusAfter(init: Reply): Promise<unknown> {
  const token = textAt(init.body, 'authenticationToken.token');
  const { body } = await call(harness, 'GET', `/auth/${textAt(init.body, 'referenceNumber')}`, { token });
  return at(body, 'status');
}

test('a login ends in tokens whose claims tell their holder, permissions and expiry', async () => {
  const nip = freshNip();
  const { access, refresh } = await logIn(harness, nip);
  const claims = decodeJwt(access);
  expect(claims).toMatchObject({ cit: 'Nip', civ: nip, per: expect.arrayContaining(['InvoiceWrite']) });
  const ageS = Number(claims.exp) - harness.clock.now().getTime() / 1000;
  expect(ageS).toBeGreaterThan(895);
  expect(ageS).toBeLessThanOrEqual(900);
  expect(Number(decodeJwt(refresh).exp) - Number(claims.exp)).toBe(7 * 86_400 - 900);
});

test('tokens are handed out once', async () => {
  const { referenceNumber, authenticationToken: token } = await beginLogin(harness, freshNip(), 'x');
  await call(harness, 'GET', `/auth/${referenceNumber}`, { token });
  expect((await call(harness, 'POST', '/auth/token/redeem', { token })).status).toBe(200);
  expect(exceptionCode(await call(harness, 'POST', '/auth/token/redeem', { token }))).toBe(21301);
});

test.each([
  ['a token that begins with bad', { token: 'bad token' }, 'Nieprawidłowy token'],
  ['the time of another challenge', { timestampMs: 1 }, 'Nieprawidłowy czas tokena'],
  ['no time at all', { plain: 'only a token' }, 'Nieprawidłowe kodowanie tokena'],
] as const)('%s ends in status 450', async (_name, wish, detail) => {
  expect(await statusAfter(await attempt(freshNip(), wish))).toMatchObject({ code: 450, details: [detail] });
});

test('a token may hold the separator itself', async () => {
  const init = await attempt(freshNip(), { token: 'ref|nip-5260001572|abc' });
  expect(await statusAfter(init)).toMatchObject({ code: 200 });
});

test('ciphertext that no key opens ends in status 450', async () => {
  const { body: given } = await call(harness, 'POST', '/auth/challenge');
  const init = await call(harness, 'POST', '/auth/ksef-token', {
    body: {
      challenge: textAt(given, 'challenge'),
      contextIdentifier: { type: 'Nip', value: freshNip() },
      encryptedToken: Buffer.alloc(256, 7).toString('base64'),
    },
  });
  expect(await statusAfter(init)).toMatchObject({ code: 450, details: ['Nieprawidłowe szyfrowanie tokena'] });
});

test('a challenge is good once, for ten minutes, and only if it was given', async () => {
  const { body: given } = await call(harness, 'POST', '/auth/challenge');
  const challenge = textAt(given, 'challenge');
  const timestampMs = at(given, 'timestampMs');
  expect((await attempt(freshNip(), { challenge, timestampMs })).status).toBe(202);
  expect(exceptionCode(await attempt(freshNip(), { challenge, timestampMs }))).toBe(21111);
  expect(exceptionCode(await attempt(freshNip(), { challenge: 'X'.repeat(36) }))).toBe(21111);

  const { body: old } = await call(harness, 'POST', '/auth/challenge');
  harness.clock.advance(600_000);
  expect(exceptionCode(await attempt(freshNip(), { challenge: textAt(old, 'challenge') }))).toBe(21111);
});

test('an unknown key, and a key meant for something else, are refused', async () => {
  const unknown = Buffer.alloc(32, 1).toString('base64');
  expect(exceptionCode(await attempt(freshNip(), { publicKeyId: unknown }))).toBe(21470);
  const { publicKeyId } = publishedKey(harness, 'SymmetricKeyEncryption');
  expect(exceptionCode(await attempt(freshNip(), { publicKeyId }))).toBe(21470);
});

test('a context that is no NIP is refused', async () => {
  const { body: given } = await call(harness, 'POST', '/auth/challenge');
  const answer = await call(harness, 'POST', '/auth/ksef-token', {
    body: {
      challenge: textAt(given, 'challenge'),
      contextIdentifier: { type: 'Nip', value: '0000000000' },
      encryptedToken: 'AAAA',
    },
  });
  expect(exceptionCode(answer)).toBe(21405);
});

test('access tokens expire after 15 minutes and are renewed with the refresh token', async () => {
  const { access, refresh } = await logIn(harness, freshNip());
  harness.clock.advance(15 * 60_000);
  expect((await call(harness, 'GET', '/rate-limits', { token: access })).status).toBe(401);
  const renewed = await call(harness, 'POST', '/auth/token/refresh', { token: refresh });
  const token = textAt(renewed.body, 'accessToken.token');
  expect((await call(harness, 'GET', '/rate-limits', { token })).status).toBe(200);
  expect((await call(harness, 'POST', '/auth/token/refresh', { token })).status).toBe(401);
});

test('a revoked login refreshes no more, its access token lives on', async () => {
  const { access, refresh, loginReference } = await logIn(harness, freshNip());
  const listed = await call(harness, 'GET', '/auth/sessions', { token: access });
  expect(listAt(listed.body, 'items')).toMatchObject([{ referenceNumber: loginReference, isCurrent: true }]);
  expect((await call(harness, 'DELETE', '/auth/sessions/current', { token: access })).status).toBe(204);
  expect(exceptionCode(await call(harness, 'POST', '/auth/token/refresh', { token: refresh }))).toBe(21301);
  expect((await call(harness, 'GET', '/rate-limits', { token: access })).status).toBe(200);
});

test('another login of the same credential can be revoked by its number', async () => {
  const nip = freshNip();
  const first = await logIn(harness, nip);
  const second = await logIn(harness, nip);
  const path = `/auth/sessions/${first.loginReference}`;
  expect((await call(harness, 'DELETE', path, { token: second.access })).status).toBe(204);
  expect(exceptionCode(await call(harness, 'POST', '/auth/token/refresh', { token: first.refresh }))).toBe(
    21301,
  );
  expect((await call(harness, 'POST', '/auth/token/refresh', { token: second.refresh })).status).toBe(200);
});

test('a blocked context cannot log in', async () => {
  const nip = freshNip();
  const body = { contextIdentifier: { type: 'Nip', value: nip } };
  await call(harness, 'POST', '/testdata/context/block', { body });
  expect(await statusAfter(await attempt(nip))).toMatchObject({ code: 480 });
  await call(harness, 'POST', '/testdata/context/unblock', { body });
  expect(await statusAfter(await attempt(nip))).toMatchObject({ code: 200 });
});

test('a KSeF token made here carries its permissions, shows itself and can be revoked', async () => {
  const nip = freshNip();
  const { access: token } = await logIn(harness, nip);
  const body = { permissions: ['InvoiceWrite'], description: 'for sending' };
  const made = await call(harness, 'POST', '/tokens', { token, body });
  const ksefToken = textAt(made.body, 'token');
  expect(ksefToken).toContain(`|nip-${nip}|`);
  const path = `/tokens/${textAt(made.body, 'referenceNumber')}`;

  const sender = await logIn(harness, nip, ksefToken);
  expect(decodeJwt(sender.access).per).toEqual(['InvoiceWrite']);
  const own = await call(harness, 'GET', '/tokens', { token: sender.access });
  expect(listAt(own.body, 'tokens')).toHaveLength(1);
  expect(at((await call(harness, 'GET', path, { token })).body, 'status')).toBe('Active');
  const greedy = { permissions: ['InvoiceRead'], description: 'more than I have' };
  expect(exceptionCode(await call(harness, 'POST', '/tokens', { token: sender.access, body: greedy }))).toBe(
    26001,
  );

  expect((await call(harness, 'DELETE', path, { token })).status).toBe(204);
  expect(exceptionCode(await call(harness, 'POST', '/auth/token/refresh', { token: sender.refresh }))).toBe(
    21301,
  );
  expect(await statusAfter(await attempt(nip, { token: ksefToken }))).toMatchObject({
    code: 450,
    details: ['Token unieważniony'],
  });
});

test('a token of one context is no good in another', async () => {
  const { token } = harness.emulator.control.issueToken(freshNip(), ['InvoiceWrite']);
  expect(await statusAfter(await attempt(freshNip(), { token }))).toMatchObject({ code: 450 });
});
