import { afterAll, beforeAll, expect, it } from 'vitest';
import { after, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { accepted, allCleared, followed, putToken, type Walk } from './support/walk.ts';

let test: TestLedger;
let serial = 500;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

async function clearedOne(): Promise<Walk & { id: string; sha256: string }> {
  const walk = await followed(test.ledger, newNip(), numbered(1));
  serial += 1;
  await test.ledger.settleSession(walk.sessionId, allCleared(walk, serial), [], after(500));
  return { ...walk, id: walk.ids[0] ?? '', sha256: walk.command.invoices[0]?.sha256 ?? '' };
}

it('is none for what KSeF has not accepted, and nothing for who may not see it', async () => {
  const walk = await accepted(test.ledger, newNip(), numbered(1));
  const id = walk.ids[0] ?? '';
  expect(await test.ledger.confirmationSource(id, NOW)).toBeNull();
  expect(await test.ledger.confirmation(id, 'all', NOW)).toEqual({ kind: 'none', state: 'accepted' });
  expect(await test.ledger.confirmation(id, ['1111111111'], NOW)).toBeNull();
  expect(await test.ledger.confirmation('no id', 'all', NOW)).toBeNull();
});

it.each([true, false])('is kept with what came, asked for once: matching %s', async (matches) => {
  const { id, nip, sha256 } = await clearedOne();
  const source = await test.ledger.confirmationSource(id, NOW);
  expect(source).toMatchObject({ nip });
  expect(await test.ledger.confirmation(id, [nip], NOW)).toEqual({ kind: 'pending' });
  const ksefSha256 = matches ? sha256 : 'x'.repeat(43);
  await test.ledger.saveConfirmation(id, { sha256: ksefSha256 }, after(900));
  await test.ledger.saveConfirmation(id, { refusal: 'too late' }, after(950));
  expect(await test.ledger.confirmationSource(id, NOW)).toBeNull();
  expect(await test.ledger.confirmation(id, [nip], NOW)).toEqual({
    kind: 'ready',
    confirmedAt: after(900),
    matches,
    ksefNumber: source?.ksefNumber,
    ownSha256: sha256,
    ksefSha256,
  });
});

it('tells a refusal for an hour, and asks again after that', async () => {
  const { id } = await clearedOne();
  await test.ledger.saveConfirmation(id, { refusal: 'brak uprawnień' }, NOW);
  expect(await test.ledger.confirmation(id, 'all', after(3_599_999))).toEqual({
    kind: 'refused',
    why: 'brak uprawnień',
  });
  expect(await test.ledger.confirmationSource(id, after(3_599_999))).toBeNull();
  expect(await test.ledger.confirmation(id, 'all', after(3_600_000))).toEqual({ kind: 'pending' });
  expect(await test.ledger.confirmationSource(id, after(3_600_000))).not.toBeNull();
});

it('is asked for anew by the first login with other credentials', async () => {
  const { id, nip } = await clearedOne();
  await test.ledger.saveConfirmation(id, { refusal: 'the login is refused' }, NOW);
  await putToken(test.ledger, nip, 'a better one');
  const credential = await test.ledger.credentialOf(nip);
  const tokens = {
    accessToken: 'a',
    accessUntil: after(900_000),
    refreshToken: 'r',
    refreshUntil: after(900_000),
  };
  const login = { ...tokens, permissions: ['InvoiceRead'] };
  await test.ledger.finishLogin(nip, 'worker', credential?.id ?? '', 'ksefToken', login, NOW);
  expect(await test.ledger.confirmation(id, 'all', NOW)).toEqual({ kind: 'pending' });
  expect(await test.ledger.confirmationSource(id, NOW)).not.toBeNull();
});
