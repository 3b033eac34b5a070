import { beforeEach, expect, it } from 'vitest';
import { after, NOW, newNip } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { accepted, claimed, followed } from './support/walk.ts';

const LEASE_MS = 8_000;
const AHEAD = after(3 * 3_600_000);

let test: TestLedger;
beforeEach(async () => {
  test = await testLedger();
  return () => test.close();
});

it('lets what was planned by a clock that ran ahead be done now', async () => {
  const held = await claimed(await accepted(test.ledger, newNip()));
  await test.ledger.releaseLease(held.sessionId, held.session.fence);
  await test.ledger.acquireSession(held.sessionId, 'ahead', AHEAD, LEASE_MS);
  const closed = await followed(test.ledger, newNip());
  await test.ledger.recordPoll(closed.sessionId, AHEAD, 150, AHEAD);
  const pacer = test.ledger.pacer({ clock: () => AHEAD, wait: async () => {} });
  for (let calls = 0; calls < 10; calls += 1)
    await (await pacer.take('sessionStatus', closed.nip)).answered();
  const now = after(1_000);
  const waiting = {
    toSend: await test.ledger.sessionsToSend(now, 10),
    toFollow: await test.ledger.sessionsToFollow(now, 10),
  };
  expect(waiting).toEqual({ toSend: [], toFollow: [] });

  await test.ledger.clockPutBack(now);
  expect(await test.ledger.sessionsToSend(now, 10)).toEqual([held.sessionId]);
  expect(await test.ledger.sessionsToFollow(now, 10)).toEqual([closed.sessionId]);
  // The calls made count as made just now: a second later there is room again.
  const later = test.ledger.pacer({ clock: () => after(2_100), wait: async () => {} });
  await expect(later.take('sessionStatus', closed.nip)).resolves.toBeDefined();
});

it('takes nothing from who holds a lease by a right clock', async () => {
  const held = await claimed(await accepted(test.ledger, newNip()));
  await test.ledger.releaseLease(held.sessionId, held.session.fence);
  await test.ledger.acquireSession(held.sessionId, 'right', NOW, LEASE_MS);
  await test.ledger.clockPutBack(after(-60));
  expect(await test.ledger.sessionsToSend(after(LEASE_MS - 1), 10)).toEqual([]);
});
