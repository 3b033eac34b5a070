import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { after, call, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { TOKENS } from './support/tokens.ts';
import { putToken } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

async function loggedIn(nip: string): Promise<string> {
  await putToken(test.ledger, nip);
  const credential = await test.ledger.credentialOf(nip);
  await test.ledger.beginLogin(nip, 'w1', NOW, 1000);
  await test.ledger.finishLogin(nip, 'w1', credential?.id ?? '', 'ksefToken', TOKENS, NOW);
  return credential?.id ?? '';
}

describe('logging in', () => {
  it('is for one process at a time', async () => {
    const nip = newNip();
    await putToken(test.ledger, nip);
    const owners = Array.from({ length: 8 }, (_, index) => `w${index}`);
    const begun = await Promise.all(owners.map((owner) => test.ledger.beginLogin(nip, owner, NOW, 1000)));
    expect(begun.filter(Boolean)).toHaveLength(1);
    expect(await test.ledger.authentication(nip)).toMatchObject({ state: 'opening' });
    expect(await test.ledger.beginLogin(nip, 'late', after(999), 1000)).toBe(false);
    expect(await test.ledger.beginLogin(nip, 'late', after(1000), 1000)).toBe(true);
  });

  it('stays with the process that shows signs of life, and with no other', async () => {
    const nip = newNip();
    await putToken(test.ledger, nip);
    await test.ledger.beginLogin(nip, 'w1', NOW, 1000);
    await test.ledger.renewLogin(nip, 'w2', after(900), 60_000);
    await test.ledger.renewLogin(nip, 'w1', after(900), 1000);
    expect(await test.ledger.beginLogin(nip, 'w2', after(1899), 1000)).toBe(false);
    expect(await test.ledger.beginLogin(nip, 'w2', after(1900), 1000)).toBe(true);
    await test.ledger.renewLogin(nip, 'w1', after(1900), 60_000);
    expect(await test.ledger.beginLogin(nip, 'w3', after(2900), 1000)).toBe(true);
  });

  it('is not begun without credentials', async () => {
    const nip = newNip();
    expect(await test.ledger.beginLogin(nip, 'w', NOW, 1000)).toBe(false);
    await test.ledger.accept(call(numbered(1), { nip }));
    expect(await test.ledger.beginLogin(nip, 'w', NOW, 1000)).toBe(false);
    expect(await test.ledger.authentication(nip)).toBeNull();
    expect(await test.ledger.credentialOf(nip)).toBeNull();
  });

  it('keeps the tokens for everybody and lets the next one begin', async () => {
    const nip = newNip();
    const credentialId = await loggedIn(nip);
    expect(await test.ledger.authentication(nip)).toEqual({
      nip,
      state: 'active',
      credentialId,
      method: 'ksefToken',
      limitsReadAt: null,
      lastError: null,
      ...TOKENS,
    });
    expect(await test.ledger.beginLogin(nip, 'w2', NOW, 1000)).toBe(true);
    expect(await test.ledger.authentication(nip)).toMatchObject({ state: 'active' });
  });

  it('that failed for a passing reason leaves all as it was', async () => {
    const nip = newNip();
    await loggedIn(nip);
    await test.ledger.beginLogin(nip, 'w2', NOW, 1000);
    await test.ledger.failLogin(nip, 'w2', null, 'time-out', NOW);
    expect(await test.ledger.authentication(nip)).toMatchObject({
      state: 'active',
      accessToken: 'access-1',
      lastError: 'time-out',
    });
    expect(await test.ledger.beginLogin(nip, 'w3', NOW, 1000)).toBe(true);
  });

  it.each(['refused', 'blocked'] as const)(
    'that was %s is not tried again until credentials are put',
    async (state) => {
      const nip = newNip();
      await loggedIn(nip);
      await test.ledger.beginLogin(nip, 'w2', NOW, 1000);
      await test.ledger.failLogin(nip, 'w2', state, '450 token', NOW);
      expect(await test.ledger.authentication(nip)).toMatchObject({
        state,
        accessToken: null,
        refreshToken: null,
        lastError: '450 token',
      });
      expect(await test.ledger.beginLogin(nip, 'w3', after(9_000_000), 1000)).toBe(false);
      await putToken(test.ledger, nip, 'better');
      expect(await test.ledger.authentication(nip)).toMatchObject({ state: 'none', lastError: null });
      expect(await test.ledger.beginLogin(nip, 'w3', NOW, 1000)).toBe(true);
    },
  );

  it('with replaced credentials says nothing of the new ones', async () => {
    const nip = newNip();
    const old = await loggedIn(nip);
    await test.ledger.beginLogin(nip, 'w', NOW, 1000, old);
    await putToken(test.ledger, nip, 'better');
    await test.ledger.failLogin(nip, 'w', 'refused', 'revoked', NOW, old);
    expect(await test.ledger.authentication(nip)).toMatchObject({ state: 'none' });
    expect(await test.ledger.authentication(nip, old)).toMatchObject({ state: 'refused' });
    expect(await test.ledger.holdSeller(nip, 'login_refused', 'revoked', NOW)).toBe(0);
  });

  it('forgets an access token that was refused, but not a newer one', async () => {
    const nip = newNip();
    await loggedIn(nip);
    await test.ledger.dropAccessToken(nip, 'another');
    expect(await test.ledger.authentication(nip)).toMatchObject({ accessToken: 'access-1' });
    await test.ledger.dropAccessToken(nip, 'access-1');
    expect(await test.ledger.authentication(nip)).toMatchObject({
      state: 'active',
      accessToken: null,
      accessUntil: null,
      refreshToken: 'refresh-1',
    });
  });
});
