import { afterAll, beforeAll, expect, it } from 'vitest';
import { after, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { accepted, claimed, closing, opened, putToken, type SessionWalk } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

const interactive = async () =>
  await opened(await claimed(await accepted(test.ledger, newNip(), numbered(3)), { kind: 'interactive' }));

it.each<[string, (walk: SessionWalk) => Promise<SessionWalk>]>([
  ['opened', async (walk) => walk],
  ['closing', closing],
])('a session that is %s goes on at the first login that is let in to it', async (_, walkOn) => {
  const { ledger } = test;
  const { sessionId, session, nip } = await walkOn(await interactive());
  await ledger.recordShutOut(sessionId, '450 the token is no more', NOW);
  await ledger.releaseLease(sessionId, session.fence, after(3_600_000));
  expect(await ledger.sessionsToSend(after(60_000), 100)).not.toContain(sessionId);
  await putToken(ledger, nip, 'another');
  const credential = await ledger.credentialOf(nip);
  const tokens = { accessToken: 'access', accessUntil: after(900_000), permissions: null };
  const login = { ...tokens, refreshToken: 'refresh', refreshUntil: after(86_400_000) };
  await ledger.finishLogin(nip, 'worker', credential?.id ?? '', 'ksefToken', login, NOW);
  expect(await ledger.sessionsToSend(after(60_000), 100)).toContain(sessionId);
  expect((await ledger.session(sessionId, 'all'))?.shutOut).toMatch(/^450/);
});
