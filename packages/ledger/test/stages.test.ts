/** Steps on an invoice's way are not written into its indexes, which cost more than all else of a step. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { unaudited } from './support/audited.ts';
import { after, laneOf, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { accepted, allCleared, claimed, closed, closing, followed, opened, UPO } from './support/walk.ts';

const COUNT = 1_000;
let test: TestLedger;

beforeAll(async () => {
  test = await testLedger(1);
});
afterAll(() => test.close());

interface Updates {
  readonly all: number;
  /** Written into indexes as well. */
  readonly indexed: number;
}

async function updates(): Promise<Updates> {
  await test.pool.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await test.pool.query<Updates>(
    `SELECT n_tup_upd::int AS all, (n_tup_upd - n_tup_hot_upd)::int AS indexed
     FROM pg_stat_user_tables WHERE relname = 'invoices'`,
  );
  return rows[0] ?? { all: Number.NaN, indexed: Number.NaN };
}

async function updatesBy<T>(work: () => Promise<T>): Promise<{ result: T } & Updates> {
  const before = await updates();
  const result = await work();
  const since = await updates();
  return { result, all: since.all - before.all, indexed: since.indexed - before.indexed };
}

it('an invoice is written into its indexes when it comes and when it has its verdict', async () => {
  const waiting = await accepted(test.ledger, newNip(), numbered(COUNT));
  const claim = await updatesBy(() => claimed(waiting));
  expect(claim.all).toBe(COUNT);
  // Rows grow on the way, so a few find no place beside themselves.
  expect(claim.indexed).toBeLessThan(COUNT / 10);
  const atKsef = await closing(await opened(claim.result));
  const close = await updatesBy(() => closed(atKsef));
  expect(close.all).toBe(COUNT);
  expect(close.indexed).toBeLessThan(COUNT / 10);
  const { result: walk } = close;
  const settle = await updatesBy(() =>
    test.ledger.settleSession(walk.sessionId, allCleared(walk), UPO, after(900)),
  );
  expect(settle.all).toBe(COUNT);
});

async function stagesOf(nip: string): Promise<string[]> {
  const { rows } = await test.pool.query<{ stage: string }>(
    'SELECT DISTINCT stage FROM invoices WHERE nip = $1 ORDER BY stage',
    [nip],
  );
  return rows.map(({ stage }) => stage);
}

it('what KSeF takes long over is out of the way of what waits, until it goes again', async () => {
  const nip = newNip();
  const { ledger, sessionId, ids } = await followed(test.ledger, nip);
  for (let look = 1; look < 8; look += 1)
    await ledger.recordPoll(sessionId, after(100 * look), 150, after(900));
  expect(await stagesOf(nip)).toEqual(['open']);
  await ledger.recordPoll(sessionId, after(25_000), 150, after(25_900));
  expect(await stagesOf(nip)).toEqual(['atKsef']);
  const later = await updatesBy(() => ledger.recordPoll(sessionId, after(26_000), 150, after(29_000)));
  expect(later.all).toBe(0);
  expect((await ledger.metrics(after(26_009))).openInvoices).toMatchObject({ processing: ids.length });
  const members = await ledger.members(sessionId);
  const verdict = { code: 550, description: 'cancelled', details: [] };
  const again = members.map(({ sha256 }) => ({
    sha256,
    reference: null,
    outcome: { state: 'again' as const, verdict },
  }));
  await ledger.settleSession(sessionId, again, [], after(900));
  expect(await stagesOf(nip)).toEqual(['open']);
  expect(await ledger.lanesDue(after(60_000), 10)).toContainEqual(laneOf(nip));
});

it('is out of the way by the next look that is answered, whatever became of the one that should have seen to it', async () => {
  const nip = newNip();
  const { ledger, sessionId } = await followed(test.ledger, nip);
  await ledger.recordPoll(sessionId, after(900), 150, after(1_900));
  await ledger.recordPoll(sessionId, after(25_000), null, after(25_900));
  expect(await stagesOf(nip)).toEqual(['open']);
  await ledger.recordPoll(sessionId, after(25_900), 150, after(26_900));
  expect(await stagesOf(nip)).toEqual(['atKsef']);
  // As it is where the process died between the look and what follows from it.
  await test.pool.query(`UPDATE invoices SET stage = 'open' WHERE nip = $1`, [nip]);
  await ledger.recordPoll(sessionId, after(26_900), 150, after(27_900));
  expect(await stagesOf(nip)).toEqual(['atKsef']);
});

it('whoever writes a state need not know of the stage', async () => {
  const { nip, ids } = await accepted(test.ledger, newNip(), numbered(1));
  const write = (set: string) => unaudited(test.pool, `UPDATE invoices SET ${set} WHERE id = $1`, [ids[0]]);
  await write(`state = 'held', hold_cause = 'session_failed', held_at = now()`);
  expect(await stagesOf(nip)).toEqual(['held']);
  await write(`state = 'accepted', hold_cause = NULL, held_at = NULL`);
  expect(await stagesOf(nip)).toEqual(['open']);
  await write(`stage = 'cleared'`);
  expect(await stagesOf(nip)).toEqual(['open']);
});

it('reads all members of a session in their order, however many pages they take', async () => {
  const { sessionId, ids } = await claimed(await accepted(test.ledger, newNip(), numbered(2 * COUNT + 1)));
  const members = await test.ledger.members(sessionId);
  expect(members.map(({ ordinal }) => ordinal)).toEqual(ids.map((_, index) => index + 1));
  expect(members.map(({ invoiceId }) => invoiceId)).toEqual(ids);
});
