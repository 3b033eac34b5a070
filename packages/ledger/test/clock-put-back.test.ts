import { beforeEach, expect, it } from 'vitest';
import { BROUGHT_BACK } from '../src/clock-put-back.ts';
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
  await test.ledger.releaseLease(held.sessionId, held.session.fence, AHEAD);
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

  await test.ledger.clockPutBack(now, { databaseNow: now });
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
  await test.ledger.clockPutBack(after(-60), { databaseNow: after(-60) });
  expect(await test.ledger.sessionsToSend(after(LEASE_MS - 1), 10)).toEqual([]);
});

it('brings nothing back to before the clock of the database, for a caller who fell behind', async () => {
  const held = await claimed(await accepted(test.ledger, newNip()));
  const pacer = test.ledger.pacer({ clock: () => NOW, wait: async () => {}, maxWaitMs: 0 });
  for (let calls = 0; calls < 10; calls += 1) await (await pacer.take('sessionStatus', held.nip)).answered();
  const slots = await moments('call_slots', 'answered_at');

  await test.ledger.clockPutBack(after(-3_600_000), { databaseNow: NOW });
  expect(await moments('call_slots', 'answered_at')).toEqual(slots);
  expect(await moments('sessions', 'lease_until')).not.toEqual([null]);
  await expect(pacer.take('sessionStatus', held.nip)).rejects.toThrow();
});

it('asks the database for its clock where nobody tells', async () => {
  await test.pool.query(
    `INSERT INTO call_penalties VALUES ('one', clock_timestamp() + interval '30 minutes')`,
  );
  const before = await moments('call_penalties', 'until');
  await test.ledger.clockPutBack(new Date(0));
  expect(await moments('call_penalties', 'until')).toEqual(before);
});

it('forgets no call that still counts, for a caller who runs ahead', async () => {
  await test.pool.query(`INSERT INTO call_slots (counter, taken_at, answered_at) VALUES ('one', $1, $1)`, [
    NOW,
  ]);
  await test.ledger.tidy(AHEAD, after(1_000));
  expect(await moments('call_slots', 'answered_at')).toEqual([NOW]);
  await test.ledger.tidy(AHEAD, AHEAD);
  expect(await moments('call_slots', 'answered_at')).toEqual([]);
});

it('heeds no lease that a clock far ahead took, even where nobody saw it put back', async () => {
  const held = await claimed(await accepted(test.ledger, newNip()));
  await test.ledger.releaseLease(held.sessionId, held.session.fence);
  await test.ledger.acquireSession(held.sessionId, 'ahead', AHEAD, LEASE_MS);
  expect(await test.ledger.sessionsToSend(NOW, 10)).toEqual([held.sessionId]);
  expect(await test.ledger.acquireSession(held.sessionId, 'right', NOW, LEASE_MS)).not.toBeNull();
  expect(await test.ledger.acquireSession(held.sessionId, 'other', after(1), LEASE_MS)).toBeNull();

  expect(await test.ledger.beginLogin(held.nip, 'ahead', AHEAD, LEASE_MS)).toBe(true);
  expect(await test.ledger.beginLogin(held.nip, 'right', NOW, LEASE_MS)).toBe(true);
  expect(await test.ledger.beginLogin(held.nip, 'other', after(1), LEASE_MS)).toBe(false);
});

it('leaves what is planned within the spare, and what an issue day asks for', async () => {
  const day = '2026-12-24';
  const { nip } = await accepted(test.ledger, newNip(), [
    { number: 'later', issueDate: day },
    { number: 'soon' },
  ]);
  const midnight = new Date('2026-12-23T23:00:00Z');
  await test.pool.query(
    `UPDATE invoices SET not_before = CASE number WHEN 'later' THEN $2::timestamptz ELSE $3 END, due_at = $3 WHERE nip = $1`,
    [nip, midnight, AHEAD],
  );
  await test.ledger.clockPutBack(NOW, { databaseNow: NOW, spareMs: 4 * 3_600_000 });
  expect(await moments('invoices', 'due_at')).toEqual([AHEAD, AHEAD]);
  await test.ledger.clockPutBack(NOW, { databaseNow: NOW, spareMs: 3_600_000 });
  expect(await moments('invoices', 'due_at')).toEqual([NOW, NOW]);
  expect(await moments('invoices', 'not_before')).toEqual([NOW, midnight]);
});

it('brings back what is left of polls, questions, penalties and trials', async () => {
  const { nip, sessionId } = await followed(test.ledger, newNip());
  await test.ledger.recordPoll(sessionId, AHEAD, 200, AHEAD);
  await test.ledger.deferConsent(nip, AHEAD, AHEAD);
  await test.ledger.askReconciliation({ nip, since: NOW, actor: 'test', now: AHEAD });
  await test.pool.query(`INSERT INTO call_penalties VALUES ('one', $1)`, [AHEAD]);
  await test.pool.query(`INSERT INTO trials VALUES ($1, $1, $1, 1, 1, $2)`, [sessionId, AHEAD]);
  await test.ledger.clockPutBack(NOW, { databaseNow: NOW });
  expect(await moments('sessions', 'next_poll_at')).toEqual([NOW]);
  expect(await moments('sessions', 'judged_at')).toEqual([NOW]);
  expect(await moments('attachment_consents', 'ask_after')).toEqual([NOW]);
  expect(await moments('reconciliations', 'next_at')).toEqual([NOW]);
  expect(await moments('call_penalties', 'until')).toEqual([after(3_600_000)]);
  expect(await moments('trials', 'began_at')).toEqual([NOW]);
});

it('forgets what was measured of KSeF by a clock that was moved', async () => {
  await test.ledger.recordKsefClock(3_600_000, 20, NOW);
  await test.ledger.forgetKsefClock();
  expect(await test.ledger.clockOffset()).toBe(0);
  expect((await test.ledger.connection(NOW)).clock).toBeNull();
});

/** Until when KSeF or a person lets it hold: nothing of ours waits for it. */
const NO_PLAN = [
  'authentications.access_until',
  'authentications.refresh_until',
  'reconciliations.batch_until',
  'reconciliations.interactive_until',
  'reconciliations.until',
  'sessions.usable_until',
  'settings.behind_until',
];

it('knows of every column of the schema that looks ahead', async () => {
  const { rows } = await test.pool.query<{ column: string }>(
    `SELECT table_name || '.' || column_name AS column FROM information_schema.columns
     WHERE table_schema = 'public' AND data_type = 'timestamp with time zone'
       AND column_name ~ '(until|after|before)$|^(next|due|expires)_'`,
  );
  const unknown = rows.map(({ column }) => column).filter((column) => !BROUGHT_BACK.includes(column));
  expect(unknown.sort()).toEqual(NO_PLAN);
});

async function moments(table: string, column: string): Promise<(Date | null)[]> {
  const { rows } = await test.pool.query<{ at: Date | null }>(
    `SELECT ${column} AS at FROM ${table} ORDER BY 1`,
  );
  return rows.map(({ at }) => at);
}
