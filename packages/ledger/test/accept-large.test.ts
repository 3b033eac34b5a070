import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { call, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { putToken } from './support/walk.ts';
import { WAYS } from './support/ways.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

describe.each(WAYS)('a large call, accepted %s,', (_how, accept) => {
  it('is taken as far as it is new, wherever the rest stands in it', async () => {
    const nip = newNip();
    const wishes = numbered(700);
    const isKnown = (index: number) => index % 97 === 0 || (index > 400 && index < 430);
    const known = wishes.filter((_, index) => isKnown(index));
    await accept(test.ledger, call(known, { nip }));
    const results = await accept(
      test.ledger,
      call([...wishes, { number: 'FV/2', content: 'other' }], { nip }),
    );
    expect(results.map(({ kind }) => kind)).toEqual([
      ...wishes.map((_, index) => (isKnown(index) ? 'existing' : 'accepted')),
      'conflict',
    ]);
    const { rows } = await test.pool.query(
      'SELECT FROM invoices JOIN payloads ON invoice_id = id WHERE nip = $1',
      [nip],
    );
    expect(rows).toHaveLength(700);
  });

  it('has nothing refused by the server, which would log it, for a call that came before', async () => {
    const nip = newNip();
    const wishes = numbered(900);
    await accept(test.ledger, call(wishes, { nip }));
    const query = vi.spyOn(Client.prototype, 'query');
    const again = await accept(test.ledger, call(wishes, { nip }));
    const grown = await accept(test.ledger, call([...wishes, ...numbered(300, 'new')], { nip }));
    const others = wishes.map((wish) => ({ ...wish, content: `other ${wish.number}` }));
    const taken = await accept(test.ledger, call(others, { nip }));
    const asked = query.mock.calls.map(([text]: unknown[]) => text);
    query.mockRestore();
    expect(again.map(({ kind }) => kind)).toEqual(Array(900).fill('existing'));
    expect(grown.filter(({ kind }) => kind === 'accepted')).toHaveLength(300);
    expect(taken.map(({ kind }) => kind)).toEqual(Array(900).fill('conflict'));
    expect(asked).toContain('COMMIT');
    expect(asked).not.toContain('ROLLBACK TO SAVEPOINT clear');
  });

  it('may be more than fits one statement', async () => {
    const nip = newNip();
    await putToken(test.ledger, nip);
    const results = await accept(test.ledger, call(numbered(2103), { nip }));
    const ids = results.map((result) => (result.kind === 'accepted' ? result.id : ''));
    expect([...ids].sort()).toEqual(ids);
    const { rows } = await test.pool.query(
      `SELECT FROM invoices JOIN payloads ON invoice_id = id WHERE nip = $1 AND state = 'accepted'`,
      [nip],
    );
    expect(rows).toHaveLength(2103);
  });
});

describe.each(WAYS)('many calls at once, %s,', (_how, accept) => {
  it('with overlapping invoices in any order take each exactly once', async () => {
    const nip = newNip();
    await putToken(test.ledger, nip);
    const wishes = numbered(300);
    const orders = [wishes, [...wishes].reverse(), [...wishes.slice(150), ...wishes.slice(0, 150)]];
    const calls = await Promise.all(orders.map((order) => accept(test.ledger, call(order, { nip }))));
    const kinds = calls.flat().map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'accepted')).toHaveLength(300);
    expect(kinds.filter((kind) => kind === 'existing')).toHaveLength(600);
    const { rows } = await test.pool.query(
      'SELECT FROM invoices JOIN payloads ON invoice_id = invoices.id WHERE nip = $1',
      [nip],
    );
    expect(rows).toHaveLength(300);
  });

  it('never leave an invoice on hold for credentials that are being put', async () => {
    for (let round = 0; round < 10; round += 1) {
      const nip = newNip();
      await Promise.all([
        accept(test.ledger, call(numbered(3), { nip })),
        putToken(test.ledger, nip),
        accept(test.ledger, call(numbered(3, 'B'), { nip })),
      ]);
      const { rows } = await test.pool.query<{ state: string }>('SELECT state FROM invoices WHERE nip = $1', [
        nip,
      ]);
      expect(rows.map((row) => row.state)).toEqual(Array(6).fill('accepted'));
    }
  });
});
