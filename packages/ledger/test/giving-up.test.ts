import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { after, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import {
  accepted,
  allCleared,
  claimed,
  closing,
  followed,
  opened,
  statesOf,
  UPO,
  VERDICT,
} from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

const FAILED = { code: 405, description: 'Błąd weryfikacji części', details: [] };

describe('a session that is given up', () => {
  it('before KSeF knew of it leaves nothing to follow, and its invoices go in another one', async () => {
    const walk = await claimed(await accepted(test.ledger, newNip()));
    await test.ledger.abandonSession(walk.sessionId, walk.session.fence, 'login refused', after(10));
    expect(await statesOf(walk)).toEqual(Array(6).fill('accepted'));
    expect(await test.ledger.followedSession(walk.sessionId)).toBeNull();
    expect(await test.ledger.session(walk.sessionId, 'all')).toMatchObject({
      state: 'abandoned',
      abandonedWhy: 'login refused',
      nextPollAt: null,
    });
    const next = await claimed(walk);
    expect(next.sessionId).not.toBe(walk.sessionId);
    expect((await test.ledger.invoice(walk.ids[0] ?? '', 'all'))?.attempts).toBe(0);
  });

  it('when it was opened is followed all the same', async () => {
    const walk = await opened(await claimed(await accepted(test.ledger, newNip())));
    await test.ledger.abandonSession(walk.sessionId, walk.session.fence, 'too late', after(1_300_000));
    await test.ledger.abandonSession(walk.sessionId, walk.session.fence, 'too late', after(1_300_000));
    expect(await test.ledger.sessionsToFollow(after(1_300_000), 1000)).toContain(walk.sessionId);
    expect(await test.ledger.followedSession(walk.sessionId)).toMatchObject({ state: 'abandoned' });
    expect(await statesOf(walk)).toEqual(Array(6).fill('accepted'));
    await test.ledger.failSession(walk.sessionId, FAILED, after(1_400_000));
    expect(await test.ledger.session(walk.sessionId, 'all')).toMatchObject({
      state: 'settled',
      nextPollAt: null,
    });
    expect(await statesOf(walk)).toEqual(Array(6).fill('accepted'));
  });

  it('is not given up once closing has begun, or an interactive invoice was sent', async () => {
    const batch = await closing(await opened(await claimed(await accepted(test.ledger, newNip()))));
    const interactive = await opened(
      await claimed(await accepted(test.ledger, newNip(), numbered(2)), { kind: 'interactive' }),
    );
    const { ledger } = test;
    await ledger.recordInvoiceIntent(interactive.sessionId, interactive.session.fence, 1, after(150));
    for (const { sessionId, session } of [batch, interactive]) {
      expect(await ledger.abandonSession(sessionId, session.fence, 'why', after(200))).toBe(false);
      expect(await ledger.failUnclosed(sessionId, session.fence, FAILED, after(200))).toBe(false);
    }
    expect(await statesOf(batch)).toEqual(Array(6).fill('sending'));
    expect(await statesOf(interactive)).toEqual(['sending', 'sending']);
    const missing = { partsMissing: true };
    const { sessionId, session } = interactive;
    expect(await ledger.failUnclosed(sessionId, session.fence, FAILED, after(200), missing)).toBe(false);
    expect(await ledger.failUnclosed(batch.sessionId, batch.session.fence, FAILED, after(200), missing)).toBe(
      true,
    );
    expect(await statesOf(batch)).toEqual(Array(6).fill('accepted'));
  });

  it('and was worked on after all clears its invoices wherever they are', async () => {
    const first = await opened(await claimed(await accepted(test.ledger, newNip())));
    await test.ledger.abandonSession(first.sessionId, first.session.fence, 'gone', after(200));
    const second = await claimed(first, { count: 2 }, after(600_000));
    const counts = await test.ledger.settleSession(first.sessionId, allCleared(first, 1000), UPO, after(900));
    expect(counts).toEqual({ cleared: 6, rejected: 0, held: 0, again: 0, markedOffline: 0 });
    expect(await statesOf(first)).toEqual(Array(6).fill('cleared'));
    expect(await test.ledger.session(first.sessionId, 'all')).toMatchObject({ state: 'settled', cleared: 6 });
    const record = await test.ledger.invoice(first.ids[0] ?? '', 'all');
    expect(record).toMatchObject({ sessionId: first.sessionId, upoAvailable: true });
    if (record === null) throw new Error('no record');
    const types = (await test.ledger.timeline(record)).map(({ type }) => type);
    expect(types).toContain('invoice.clearedLate');
    expect(await test.ledger.session(second.sessionId, 'all')).toMatchObject({ state: 'claimed' });
  });

  it('cannot reject or hold what has left it', async () => {
    const walk = await opened(await claimed(await accepted(test.ledger, newNip(), numbered(2))));
    await test.ledger.abandonSession(walk.sessionId, walk.session.fence, 'gone', after(200));
    const [one, two] = walk.command.invoices.map(({ sha256 }) => sha256);
    const counts = await test.ledger.settleSession(
      walk.sessionId,
      [
        { sha256: one ?? '', reference: null, outcome: { state: 'rejected', verdict: VERDICT } },
        { sha256: two ?? '', reference: null, outcome: { state: 'again', verdict: VERDICT } },
      ],
      [],
      after(900),
    );
    expect(counts).toEqual({ cleared: 0, rejected: 0, held: 0, again: 0, markedOffline: 0 });
    expect(await statesOf(walk)).toEqual(['accepted', 'accepted']);
  });
});

describe('a session that KSeF fails', () => {
  it('before it was closed counts as an attempt', async () => {
    const walk = await opened(await claimed(await accepted(test.ledger, newNip(), numbered(2))));
    await test.ledger.failUnclosed(walk.sessionId, walk.session.fence, FAILED, after(200));
    await test.ledger.failUnclosed(walk.sessionId, walk.session.fence, FAILED, after(200));
    expect(await statesOf(walk)).toEqual(['accepted', 'accepted']);
    expect(await test.ledger.session(walk.sessionId, 'all')).toMatchObject({ state: 'failed', again: 2 });
    expect((await test.ledger.invoice(walk.ids[0] ?? '', 'all'))?.attempts).toBe(1);
  });

  it('because it would not even open it counts as an attempt too', async () => {
    const walk = await claimed(await accepted(test.ledger, newNip(), numbered(2)));
    await test.ledger.failUnclosed(walk.sessionId, walk.session.fence, FAILED, after(200));
    expect(await statesOf(walk)).toEqual(['accepted', 'accepted']);
    expect(await test.ledger.session(walk.sessionId, 'all')).toMatchObject({
      state: 'abandoned',
      nextPollAt: null,
      verdict: { code: 405 },
    });
    expect((await test.ledger.invoice(walk.ids[0] ?? '', 'all'))?.attempts).toBe(1);
  });

  it('leaves alone what it judged before it failed', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(2));
    await test.ledger.settleSession(walk.sessionId, allCleared(walk, 2000).slice(0, 1), UPO, after(500));
    expect(await test.ledger.session(walk.sessionId, 'all')).toMatchObject({ state: 'closed' });
    await test.ledger.failSession(walk.sessionId, FAILED, after(600));
    expect(await statesOf(walk)).toEqual(['cleared', 'accepted']);
  });

  it('after it was settled changes nothing', async () => {
    const walk = await followed(test.ledger, newNip(), numbered(2));
    await test.ledger.settleSession(walk.sessionId, allCleared(walk, 2100), UPO, after(500));
    await test.ledger.failSession(walk.sessionId, FAILED, NOW);
    expect(await statesOf(walk)).toEqual(['cleared', 'cleared']);
    expect(await test.ledger.session(walk.sessionId, 'all')).toMatchObject({ state: 'settled' });
  });
});
