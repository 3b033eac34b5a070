import { beforeEach, describe, expect, it } from 'vitest';
import { after, call, laneOf, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { accepted, claimed, followed, opened, putToken } from './support/walk.ts';

let test: TestLedger;
beforeEach(async () => {
  test = await testLedger();
  return () => test.close();
});

describe('lanesDue', () => {
  it('finds every lane with something due, the longest waiting first', async () => {
    const [early, late, lingering, ahead, paused, held] = Array.from({ length: 6 }, newNip);
    for (const nip of [early, late, lingering, ahead, paused]) await putToken(test.ledger, nip ?? '');
    await test.ledger.accept(call(numbered(3), { nip: late ?? '', dueAt: after(-1000) }));
    await test.ledger.accept(call(numbered(3), { nip: early ?? '', dueAt: after(-2000) }));
    await test.ledger.accept(
      call(numbered(1, 'X'), { nip: early ?? '', dueAt: after(-500), mode: 'offline' }),
    );
    await test.ledger.accept(call(numbered(3), { nip: lingering ?? '', dueAt: after(250) }));
    await test.ledger.accept(call([{ number: '1', issueDate: '2026-10-21' }], { nip: ahead ?? '' }));
    await test.ledger.accept(call(numbered(3), { nip: paused ?? '' }));
    await test.ledger.accept(call(numbered(3), { nip: held ?? '' }));
    await test.ledger.pauseSeller(paused ?? '', 'anna', NOW);
    const due = [laneOf(early ?? ''), laneOf(late ?? ''), { ...laneOf(early ?? ''), mode: 'offline' }];
    expect(await test.ledger.lanesDue(NOW, 10)).toEqual(due);
    expect(await test.ledger.lanesDue(NOW, 2)).toEqual(due.slice(0, 2));
    expect(await test.ledger.lanesDue(after(250), 10)).toHaveLength(4);
    await test.ledger.pauseAll('anna', NOW);
    expect(await test.ledger.lanesDue(NOW, 10)).toEqual([]);
  });

  it('finds nothing where nothing waits', async () => {
    expect(await test.ledger.lanesDue(NOW, 10)).toEqual([]);
  });
});

describe('sessions that need somebody', () => {
  it('to send them are those without a living lease', async () => {
    const mine = await claimed(await accepted(test.ledger, newNip()));
    const free = await opened(await claimed(await accepted(test.ledger, newNip())));
    await test.ledger.releaseLease(free.sessionId, free.session.fence);
    await followed(test.ledger, newNip());
    expect(await test.ledger.sessionsToSend(NOW, 10)).toEqual([free.sessionId]);
    const both = [mine.sessionId, free.sessionId].sort();
    expect(await test.ledger.sessionsToSend(after(30_000), 10)).toEqual(both);
    expect(await test.ledger.sessionsToSend(after(30_000), 1)).toEqual(both.slice(0, 1));
  });

  it('to follow them are those whose poll is overdue, the most overdue first', async () => {
    const one = await followed(test.ledger, newNip());
    const two = await followed(test.ledger, newNip());
    await test.ledger.recordPoll(one.sessionId, after(500), 150, after(3000));
    await test.ledger.recordPoll(two.sessionId, after(500), 150, after(2000));
    expect(await test.ledger.sessionsToFollow(after(1999), 10)).toEqual([]);
    expect(await test.ledger.sessionsToFollow(after(3000), 10)).toEqual([two.sessionId, one.sessionId]);
  });
});

describe('tidy', () => {
  it('throws old call slots, penalties and answers away, and keeps what counts', async () => {
    let now = NOW;
    const pacer = test.ledger.pacer({ egress: 'e', clock: () => now, wait: async () => {} });
    const nip = newNip();
    await (await pacer.take('openBatch', nip)).answered();
    await pacer.take('openBatch', nip);
    await pacer.refused('openOnline', nip, after(1000));
    const idempotent = { scope: 's', key: 'k', requestHash: 'h', now: NOW };
    await test.ledger.beginIdempotent(idempotent);
    await test.ledger.finishIdempotent({ ...idempotent, status: 202, body: '{}' });
    now = after(7_100_000);
    await (await pacer.take('sessionStatus', nip)).answered();
    await test.ledger.tidy(now);
    expect(await counted()).toEqual({ call_slots: 3, call_penalties: 0, idempotency: 1 });
    await test.ledger.tidy(after(7_320_001));
    expect(await counted()).toEqual({ call_slots: 1, call_penalties: 0, idempotency: 1 });
    await test.ledger.tidy(after(8 * 86_400_000));
    expect(await counted()).toEqual({ call_slots: 0, call_penalties: 0, idempotency: 0 });
  });

  it('folds totals without losing any', async () => {
    for (let calls = 0; calls < 5; calls += 1) {
      await test.ledger.accept(call(numbered(2, `C${calls}`), { nip: newNip() }));
    }
    await Promise.all([test.ledger.tidy(NOW), test.ledger.tidy(NOW), test.ledger.tidy(NOW)]);
    expect((await test.ledger.metrics(NOW)).totals).toMatchObject({ accepted: 10, cleared: 0 });
    await test.ledger.tidy(NOW);
    const { rows } = await test.pool.query(`SELECT amount FROM tallies WHERE name = 'accepted'`);
    expect(rows).toEqual([{ amount: '10' }]);
  });
});

async function counted(): Promise<Record<string, number>> {
  const { rows } = await test.pool.query<Record<string, number>>(
    `SELECT (SELECT count(*)::int FROM call_slots) AS call_slots,
       (SELECT count(*)::int FROM call_penalties) AS call_penalties,
       (SELECT count(*)::int FROM idempotency) AS idempotency`,
  );
  return rows[0] ?? {};
}
