import type { AuthSession } from '@wsad/domain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { after, NOW, newNip } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { putToken } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

const SESSION: AuthSession = {
  reference: 'AU-1',
  current: true,
  startedAt: NOW,
  method: 'token.ksef',
  status: { code: 200, description: 'ok' },
  refreshUntil: null,
};

async function seller(): Promise<string> {
  const nip = newNip();
  await putToken(test.ledger, nip);
  return nip;
}

async function loggedIn(nip: string): Promise<string> {
  const { id = '' } = (await test.ledger.credentialOf(nip)) ?? {};
  const tokens = {
    accessToken: 'a',
    accessUntil: after(900_000),
    refreshToken: 'r',
    refreshUntil: after(1e8),
  };
  await test.ledger.finishLogin(nip, 'w', id, 'ksefToken', { ...tokens, permissions: [] }, NOW);
  return id;
}

const audited = async (nip: string): Promise<string[]> => {
  const { rows } = await test.pool.query<{ said: string }>(
    `SELECT type || ' ' || actor AS said FROM events WHERE nip = $1 AND type LIKE 'login.%' ORDER BY id`,
    [nip],
  );
  return rows.map(({ said }) => said);
};

it('are fetched anew after a login that begins anew, also where KSeF would not name them before', async () => {
  const nip = await seller();
  const ask = (ms: number) => test.ledger.authSessions(nip, false, after(ms));
  const save = (given: { sessions: AuthSession[] } | { refusal: string }, ms: number) =>
    test.ledger.saveAuthSessions(nip, given, after(ms));
  await ask(0);
  await save({ refusal: 'not logged in' }, 1);
  expect(await ask(2)).toMatchObject({ kind: 'refused' });
  await loggedIn(nip);
  expect(await ask(3)).toEqual({ kind: 'pending' });
  await save({ sessions: [SESSION] }, 4);
  await loggedIn(nip);
  expect(await ask(5), 'a refresh of the same login').toMatchObject({ kind: 'ready' });
  await test.ledger.askLogin(nip, 'anna', after(6));
  await loggedIn(nip);
  expect(await ask(7)).toEqual({ kind: 'pending' });
  await test.ledger.askLogin(nip, 'anna', after(8));
  await loggedIn(nip);
  expect(await test.ledger.authSessionWork(nip), 'somebody waits').toMatchObject({ listWanted: true });
});

it('are asked for once, kept, and fetched anew when that is wanted and they are not fresh', async () => {
  const nip = await seller();
  const ask = (refresh: boolean, ms: number) => test.ledger.authSessions(nip, refresh, after(ms));
  expect(await test.ledger.authSessions(newNip(), false, NOW)).toBeNull();
  expect(await test.ledger.authSessionWork(nip)).toEqual({ revocations: [], listWanted: false });
  expect(await ask(false, 0)).toEqual({ kind: 'pending' });
  expect(await ask(true, 1)).toEqual({ kind: 'pending' });
  expect(await test.ledger.authSessionWork(nip)).toEqual({ revocations: [], listWanted: true });
  await test.ledger.saveAuthSessions(nip, { sessions: [SESSION] }, after(1000));
  const ready = { kind: 'ready', sessions: [SESSION], fetchedAt: after(1000) };
  expect(await ask(true, 10_999)).toEqual(ready);
  expect(await ask(false, 9_000_000)).toEqual(ready);
  expect(await test.ledger.authSessionWork(nip)).toMatchObject({ listWanted: false });
  expect(await ask(true, 11_000)).toEqual({ kind: 'pending' });
  expect(await test.ledger.authSessionWork(nip)).toMatchObject({ listWanted: true });
});

it('that KSeF will not tell are refused for ten seconds, and then asked for again', async () => {
  const nip = await seller();
  await test.ledger.authSessions(nip, false, NOW);
  await test.ledger.saveAuthSessions(nip, { refusal: '403' }, after(1000));
  expect(await test.ledger.authSessions(nip, false, after(10_999))).toEqual({ kind: 'refused', why: '403' });
  expect(await test.ledger.authSessions(nip, false, after(11_000))).toEqual({ kind: 'pending' });
});

it('are revoked once for however many ask, and what came of it is told once', async () => {
  const nip = await seller();
  const revoke = () => test.ledger.revokeAuthSession(nip, 'AU-1', 'anna', NOW);
  expect(await test.ledger.revokeAuthSession(newNip(), 'AU-1', 'anna', NOW)).toBeNull();
  expect(await Promise.all([revoke(), revoke()])).toEqual([{ kind: 'pending' }, { kind: 'pending' }]);
  expect(await test.ledger.authSessionWork(nip)).toMatchObject({ revocations: ['AU-1'] });
  await test.ledger.saveRevocation(nip, 'AU-1', { refusal: 'unknown' }, NOW);
  expect(await revoke()).toEqual({ kind: 'refused', why: 'unknown' });
  expect(await revoke()).toEqual({ kind: 'pending' });
  await test.ledger.saveRevocation(nip, 'AU-1', { ownedBy: null }, NOW);
  expect(await test.ledger.authSessionWork(nip)).toMatchObject({ revocations: [] });
  expect(await revoke()).toEqual({ kind: 'done' });
  expect(await audited(nip)).toEqual([
    'login.revocationAsked anna',
    'login.revocationRefused wsad',
    'login.revocationAsked anna',
    'login.revoked wsad',
  ]);
});

it('that were revoked long ago are no answer to who asks today', async () => {
  const nip = await seller();
  const revoke = (ms: number) => test.ledger.revokeAuthSession(nip, 'current', 'anna', after(ms));
  await revoke(0);
  await test.ledger.saveRevocation(nip, 'current', { ownedBy: null }, NOW);
  expect(await revoke(600_000)).toEqual({ kind: 'pending' });
  expect(await test.ledger.authSessionWork(nip)).toMatchObject({ revocations: ['current'] });
});

it.each([
  ['take our tokens with them', true, null],
  ['leave our tokens where they were of another', false, 'a'],
])('when revoked %s', async (_, ours, accessToken) => {
  const nip = await seller();
  const credentialId = await loggedIn(nip);
  await test.ledger.authSessions(nip, false, NOW);
  await test.ledger.saveAuthSessions(nip, { sessions: [SESSION] }, NOW);
  await test.ledger.revokeAuthSession(nip, 'current', 'anna', NOW);
  await test.ledger.saveRevocation(nip, 'current', { ownedBy: ours ? credentialId : null }, NOW);
  expect(await test.ledger.authentication(nip)).toMatchObject({ accessToken });
  expect(await test.ledger.authSessions(nip, false, after(1))).toEqual({ kind: 'pending' });
});

it('begin anew when a login is asked for, also after a refusal', async () => {
  const nip = await seller();
  await loggedIn(nip);
  expect(await test.ledger.askLogin(newNip(), 'anna', NOW)).toBe(false);
  expect(await test.ledger.askLogin(nip, 'anna', NOW)).toBe(true);
  expect(await test.ledger.authentication(nip)).toMatchObject({
    state: 'none',
    accessToken: null,
    refreshToken: null,
  });
  await test.ledger.beginLogin(nip, 'w', NOW, 1000);
  await test.ledger.failLogin(nip, 'w', 'refused', '450', NOW);
  await test.ledger.askLogin(nip, 'anna', NOW);
  expect(await test.ledger.beginLogin(nip, 'w', NOW, 1000)).toBe(true);
});
