import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { listed, reconcilingOf, registrations } from './support/reconciling.ts';
import { accepted, allCleared, claimed, closing, opened, putToken, statesOf, UPO } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

const { ask, note, finish } = reconcilingOf(() => test);

describe('what a found session registered', () => {
  it('clears what waits or is held, of this seller alone, and is told in the timeline', async () => {
    const { ledger } = test;
    const walk = await accepted(ledger, newNip());
    const held = await accepted(ledger, newNip());
    await ledger.holdSeller(held.nip, 'attachment_consent', 'for the test', NOW);
    for (const [each, from] of [
      [walk, 1_000],
      [held, 1_100],
    ] as const) {
      await ask(each.nip);
      await note(each.nip, listed(`found-${each.nip}`));
      const found = { nip: each.nip, reference: `found-${each.nip}` };
      expect(await ledger.recordRegistrations(found, 200, registrations(each, from), NOW)).toBe(6);
      expect(await statesOf(each)).toEqual(Array(6).fill('cleared'));
    }
    const invoice = await ledger.invoice(walk.ids[0] ?? '', 'all');
    expect(invoice).toMatchObject({ sessionReference: `found-${walk.nip}`, holdCause: null });
    if (invoice === null) throw new Error('it is not here');
    expect((await ledger.timeline(invoice)).map(({ type }) => type)).toEqual([
      'submission.accepted',
      'session.foundAtKsef',
      'invoice.foundAtKsef',
      'invoice.cleared',
    ]);
    expect(await finish(walk.nip)).toEqual({
      ...{ sessions: 1, registrations: 6, cleared: 6, lanes: [] },
    });
    const { items } = await ledger.sessionsPage({ nip: walk.nip }, 'all', null, 10);
    expect(items).toMatchObject([{ kind: 'batch', state: 'settled', reference: `found-${walk.nip}` }]);
    const [{ id = '' } = {}] = items;
    expect(await ledger.followedSession(id)).toMatchObject({ state: 'settled', receiptsDue: true });
  });

  it('is asked for its UPO once more for what comes when that is stored, and no page is known to name it', async () => {
    const { ledger } = test;
    const nip = newNip();
    const found = { nip, reference: `found-${nip}` };
    const first = await accepted(ledger, nip);
    const late = call(numbered(1, 'late'), { nip });
    await note(nip, listed(found.reference));
    const registered = [...registrations(first, 1_700), ...registrations({ ...first, command: late }, 1_800)];
    const byTheList = registered.map((each) => ({ ...each, receiptPage: null }));
    await ledger.recordRegistrations(found, 200, byTheList, NOW);
    const { sessionId } = (await ledger.invoice(first.ids[0] ?? '', 'all')) ?? {};
    await ledger.settleSession(sessionId ?? '', allCleared(first, 1_700), UPO, NOW, null);
    expect(await ledger.followedSession(sessionId ?? '')).toBeNull();
    const [handedIn] = await ledger.accept(late);
    await ledger.recordRegistrations(found, 200, [], NOW);
    expect(await ledger.sessionsToFollow(NOW, 100)).toContain(sessionId);
    await ledger.settleSession(
      sessionId ?? '',
      [...allCleared(first, 1_700), ...allCleared({ ...first, command: late }, 1_800)],
      UPO,
      NOW,
      null,
    );
    if (handedIn?.kind !== 'accepted') throw new Error('it was not taken');
    expect(await ledger.invoice(handedIn.id, 'all')).toMatchObject({ state: 'cleared', upoAvailable: true });
    expect(await ledger.followedSession(sessionId ?? '')).toBeNull();
  });

  it("is of no use to another seller's invoice, nor where the number is none or another's", async () => {
    const { ledger } = test;
    const walk = await accepted(ledger, newNip());
    const other = newNip();
    await putToken(ledger, other);
    await note(other, listed(`found-${other}`));
    await ledger.recordRegistrations(
      { nip: other, reference: `found-${other}` },
      200,
      registrations(walk, 1_200),
      NOW,
    );
    expect(await statesOf(walk)).toEqual(Array(6).fill('accepted'));
    await note(walk.nip, listed(`found-${walk.nip}`));
    const broken = registrations(walk, 1_300).map((each) => ({ ...each, ksefNumber: `${each.ksefNumber}0` }));
    await ledger.recordRegistrations({ nip: walk.nip, reference: `found-${walk.nip}` }, 200, broken, NOW);
    expect(await statesOf(walk)).toEqual(Array(6).fill('accepted'));
  });

  it('in a session that was given up here is settled in that very session', async () => {
    const { ledger } = test;
    const walk = await opened(await claimed(await accepted(ledger, newNip())));
    await ledger.abandonSession(walk.sessionId, walk.session.fence, 'for the test', NOW);
    const reference = `ref-${walk.sessionId}`;
    await note(walk.nip, listed(reference));
    await ledger.recordRegistrations({ nip: walk.nip, reference }, 200, registrations(walk, 1_400), NOW);
    expect(await statesOf(walk)).toEqual(Array(6).fill('cleared'));
    expect(await ledger.invoice(walk.ids[0] ?? '', 'all')).toMatchObject({ sessionId: walk.sessionId });
    const { rows } = await test.pool.query('SELECT FROM session_members WHERE session_id = $1', [
      walk.sessionId,
    ]);
    expect(rows).toHaveLength(6);
  });

  it('leaves alone what is under way: its own session tells', async () => {
    const { ledger } = test;
    const walk = await closing(await opened(await claimed(await accepted(ledger, newNip()))));
    await note(walk.nip, listed(`found-${walk.nip}`));
    const found = { nip: walk.nip, reference: `found-${walk.nip}` };
    expect(await ledger.recordRegistrations(found, 200, registrations(walk, 1_500), NOW)).toBe(0);
    expect(await statesOf(walk)).toEqual(Array(6).fill('sending'));
  });
});
