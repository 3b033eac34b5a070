import { afterAll, beforeAll, expect, it } from 'vitest';
import { allOf } from '../src/db.ts';
import { createLedger, type PostgresLedger } from '../src/index.ts';
import { newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { accepted, allCleared, claimed, closed, closing, opened, statesOf, UPO } from './support/walk.ts';

const A_PIECE = 500;
const CLAIMED_AT = new Date('2026-10-20T10:05:00.000Z');

let test: TestLedger;
let ledger: PostgresLedger;
let gaveWay = 0;
beforeAll(async () => {
  test = await testLedger();
  const giveWay = async (): Promise<void> => {
    gaveWay += 1;
  };
  ledger = createLedger({ pool: test.pool, vaultKey: test.vaultKey, giveWay });
});
afterAll(() => test.close());

/** How often way was given while it was done. */
async function during<T>(work: () => Promise<T>): Promise<[T, number]> {
  const before = gaveWay;
  const result = await work();
  return [result, gaveWay - before];
}

it('gives way between the pieces of a large session, of which each invoice keeps its place and gets its verdict', async () => {
  const waiting = await accepted(ledger, newNip(), numbered(A_PIECE + 1));
  const [session, whileClaiming] = await during(() => claimed(waiting, {}, CLAIMED_AT));
  const [, whileClosing] = await during(async () => closed(await closing(await opened(session))));
  const settle = () => ledger.settleSession(session.sessionId, allCleared(session), UPO, CLAIMED_AT);
  const [counts, whileSettling] = await during(settle);
  expect(counts.cleared).toBe(A_PIECE + 1);
  expect(new Set(await statesOf(session))).toEqual(new Set(['cleared']));
  const { rows } = await test.pool.query<{ id: string; ordinal: number }>(
    'SELECT invoice_id AS id, ordinal FROM session_members WHERE session_id = $1 ORDER BY ordinal',
    [session.sessionId],
  );
  const members = session.ids.toSorted().map((id, place) => ({ id, ordinal: place + 1 }));
  expect(rows).toEqual(members);
  // Locked and bound; members, numbers, the plan, and what is written down.
  expect([whileClaiming, whileClosing, whileSettling]).toEqual([2, 1, 4]);
});

it('leaves of much what somebody has locked by the time its turn comes', async () => {
  const waiting = await accepted(ledger, newNip(), numbered(A_PIECE + 3, 'LOCKED'));
  const locked = waiting.ids.toSorted().at(-1);
  const other = await test.pool.connect();
  let isLocked = false;
  const whileClaiming = createLedger({
    pool: test.pool,
    vaultKey: test.vaultKey,
    async giveWay() {
      if (isLocked) return;
      isLocked = true;
      await other.query('BEGIN');
      await other.query('SELECT FROM invoices WHERE id = $1 FOR UPDATE', [locked]);
    },
  });
  const session = await claimed({ ...waiting, ledger: whileClaiming }, {}, CLAIMED_AT);
  await other.query('ROLLBACK');
  other.release();
  expect(session.session.invoiceCount).toBe(A_PIECE + 2);
});

it('gives way for no small session', async () => {
  const waiting = await accepted(ledger, newNip(), numbered(A_PIECE, 'SMALL'));
  const walk = async () => {
    const session = await closed(await closing(await opened(await claimed(waiting, {}, CLAIMED_AT))));
    expect(await ledger.members(session.sessionId)).toHaveLength(A_PIECE);
    return await ledger.settleSession(session.sessionId, allCleared(session, 5_000), UPO, CLAIMED_AT);
  };
  expect(await during(walk)).toMatchObject([{ cleared: A_PIECE }, 0]);
});

it('waits for all that share a connection, also where one of them fails', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const ends: string[] = [];
  const others = promise.then(() => ends.push('the other'));
  const failing = allOf([
    Promise.reject(Object.assign(new Error('the transaction is over'), { code: '25P02' })),
    others.then(() => Promise.reject(new Error('the cause'))),
  ]).catch((error: Error) => ends.push(error.message));
  resolve();
  await failing;
  expect(ends).toEqual(['the other', 'the cause']);
});
