import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NothingRestored } from '../src/index.ts';
import { after, call, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { reconcilingOf } from './support/reconciling.ts';
import { accepted, claimed, followed, opened, putToken } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

const { ask, note, finish, status, stateOf } = reconcilingOf(() => test);

describe('a ledger that was put back', () => {
  it('closes what it thinks open, and gives up what it thinks claimed, whoever held them', async () => {
    const { ledger } = test;
    const begun = await claimed(await accepted(ledger, newNip()));
    const batch = await opened(await claimed(await accepted(ledger, newNip())));
    const few = await opened(
      await claimed(await accepted(ledger, newNip(), numbered(3)), { kind: 'interactive' }),
    );
    const done = await followed(ledger, newNip());
    const { rows } = await test.pool.query<{ at: Date }>('SELECT at FROM events ORDER BY id DESC LIMIT 1');
    const last = rows[0]?.at ?? NOW;
    const { since } = await ledger.markRestored('operator', after(3_600_000));
    expect(since).toEqual(after(-600_000, last));
    expect(await Promise.all([begun, batch, few, done].map(stateOf))).toEqual([
      'abandoned',
      'closing',
      'closing',
      'closed',
    ]);
    expect(await ledger.renewLease(batch.sessionId, batch.session.fence, NOW, 1_000)).toBe(false);
    for (const { nip } of [begun, batch, few, done]) expect(await status(nip)).toMatchObject({ since });
    const late = newNip();
    await ledger.accept(call(numbered(1), { nip: late }));
    expect(await status(late)).toMatchObject({ since });
  });

  it('put back again before that was done, asks since the earlier moment', async () => {
    const { ledger } = test;
    const [waiting, done] = [newNip(), newNip()];
    for (const nip of [waiting, done]) {
      await putToken(ledger, nip);
      await ask(nip, after(-86_400_000));
    }
    await note(done);
    await finish(done);
    const { since } = await ledger.markRestored('operator', after(3_600_000));
    expect(await status(waiting)).toMatchObject({ since: after(-86_400_000) });
    expect(await status(done)).toMatchObject({ since });
  });

  it('is none where nothing ever happened', async () => {
    const empty = await testLedger();
    await expect(empty.ledger.markRestored('operator', NOW)).rejects.toThrow(NothingRestored);
    await empty.close();
  });
});
