/** A ledger that is new: PostgreSQL has gathered nothing on its tables, and all of a table is quickly read. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { after, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { entriesRead, rowsRead } from './support/rows-read.ts';
import { accepted, allCleared, claimed, closed, closing, opened, UPO } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger(1);
});
afterAll(() => test.close());

const INVOICES = 3_000;

it('reads a large session by the ids of its invoices, and not all there are for each piece of it', async () => {
  const walk = await accepted(test.ledger, newNip(), numbered(INVOICES));
  const counts: Record<string, number> = {};
  const counted = async <T>(step: string, work: () => Promise<T>, tables = ['invoices']): Promise<T> => {
    const before = await rowsRead(test.pool, tables);
    const result = await work();
    counts[step] = ((await rowsRead(test.pool, tables)).all - before.all) / INVOICES;
    return result;
  };
  const taken = await counted('claim', () => claimed(walk));
  const sent = await closing(await opened(taken));
  await counted('close', () => closed(sent));
  const members = () => test.ledger.members(sent.sessionId);
  expect(await counted('members', members, ['invoices', 'session_members'])).toHaveLength(INVOICES);
  const { cleared } = await counted('settle', () =>
    test.ledger.settleSession(sent.sessionId, allCleared(sent), UPO, after(600)),
  );
  expect(cleared).toBe(INVOICES);
  // Each step looks at a row a few times, for what it does and for what points there; the pieces of this session would be six times more.
  expect(counts.claim).toBeLessThan(7);
  expect(counts.close).toBeLessThan(4);
  // Of the members themselves each page sorts what is left.
  expect(counts.members).toBeLessThan(3.5);
  expect(counts.settle).toBeLessThan(9);
});

it('reads a page of invoices without going through the sessions that they were in', async () => {
  const read = async (): Promise<number> =>
    (await entriesRead(test.pool, 'session_members')) +
    (await rowsRead(test.pool, ['session_members'])).scanned;
  const before = await read();
  const { items } = await test.ledger.invoicesPage({}, 'all', null, 500);
  expect(items).toHaveLength(500);
  expect((await read()) - before).toBeLessThan(2_000);
});
