import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { after, call, laneOf, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { listed, reconcilingOf, SINCE, UNTIL } from './support/reconciling.ts';
import { accepted, claimed, followed, opened, putToken, statesOf } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

const { ask, note, finish, unread, status, stateOf } = reconcilingOf(() => test);
const everything = () => ({ kind: 'send', claims: [ALL], more: false }) as const;
const ALL = { kind: 'batch', count: 10_000, which: 'any' } as const;

describe('a seller that is reconciled', () => {
  it('has nothing begun, whatever is due; accepting goes on; what is begun goes on to its end', async () => {
    const { ledger } = test;
    const under = await opened(await claimed(await accepted(ledger, newNip())));
    const { nip } = under;
    await ask(nip);
    expect(await ledger.accept(call(numbered(2, 'later'), { nip }))).toMatchObject([
      { kind: 'accepted', state: 'accepted' },
      { kind: 'accepted', state: 'accepted' },
    ]);
    expect(await ledger.claimLane(laneOf(nip), NOW, everything)).toEqual({
      decision: { kind: 'idle' },
      sessions: [],
    });
    expect(await ledger.lanesDue(NOW, 100)).not.toContainEqual(laneOf(nip));
    expect(await ledger.renewLease(under.sessionId, under.session.fence, NOW, 1_000)).toBe(true);
    expect(await finish(nip)).toBeNull();
    await note(nip);
    expect(await finish(nip)).toMatchObject({ lanes: [laneOf(nip)] });
    expect((await ledger.claimLane(laneOf(nip), NOW, everything)).sessions).toHaveLength(1);
  });

  it('gets back in line what was claimed and not begun', async () => {
    const { ledger } = test;
    const walk = await claimed(await accepted(ledger, newNip()));
    await ledger.releaseLease(walk.sessionId, walk.session.fence, null);
    await ask(walk.nip);
    expect(await stateOf(walk)).toBe('abandoned');
    expect(await statesOf(walk)).toEqual(Array(6).fill('accepted'));
    expect(await ledger.renewLease(walk.sessionId, walk.session.fence, NOW, 1_000)).toBe(false);
  });

  it('is gone on with by one process at a time', async () => {
    const { ledger } = test;
    const nip = newNip();
    await ask(nip);
    const withoutLogin = await ledger.takeReconciliations(NOW, 100, 1);
    expect(withoutLogin.filter((due) => due.nip === nip)).toEqual([]);
    await putToken(ledger, nip);
    const takes = await Promise.all(
      Array.from({ length: 5 }, () => ledger.takeReconciliations(NOW, 100, 60_000)),
    );
    expect(takes.flat().filter((due) => due.nip === nip)).toEqual([
      { nip, askedAt: NOW, since: SINCE, listUntil: { batch: UNTIL, interactive: UNTIL }, tries: 1 },
    ]);
    await ledger.putOffReconciliation(nip, after(90_000), 'a window');
    expect(await status(nip)).toEqual({ since: SINCE, lastError: 'a window' });
    const dueAt = async (ms: number) =>
      (await ledger.takeReconciliations(after(ms), 100, 60_000)).filter((due) => due.nip === nip);
    expect(await dueAt(89_000)).toEqual([]);
    expect(await dueAt(90_000)).toMatchObject([{ tries: 2 }]);
  });
});

describe('asked again in the middle of a turn', () => {
  it('nothing of that turn counts: new credentials see other sessions', async () => {
    const { ledger } = test;
    const nip = newNip();
    await putToken(ledger, nip);
    await ask(nip);
    await note(nip);
    const secret = { type: 'ksefToken', token: 'another' } as const;
    await ledger.putCredentials({ owner: { nip }, secret, actor: 'test', now: after(1) });
    await note(nip);
    expect(await finish(nip)).toBeNull();
    const due = (await ledger.takeReconciliations(after(2), 100, 60_000)).find((each) => each.nip === nip);
    expect(due).toMatchObject({ askedAt: after(1), listUntil: { batch: UNTIL, interactive: UNTIL } });
  });
});

describe('sessions that KSeF lists', () => {
  it('are read where this ledger does not know them to their end, and may hold something', async () => {
    const { ledger } = test;
    const nip = newNip();
    await putToken(ledger, nip);
    const known = await followed(ledger, newNip());
    const givenUp = await opened(await claimed(await accepted(ledger, newNip())));
    await ledger.abandonSession(givenUp.sessionId, givenUp.session.fence, 'for the test', NOW);
    await note(
      nip,
      listed(`unknown-${nip}`),
      listed(`empty-${nip}`, { successfulInvoiceCount: 0, failedInvoiceCount: 6 }),
      listed(`ref-${known.sessionId}`),
      listed(`ref-${givenUp.sessionId}`),
    );
    expect((await unread(nip)).sort()).toEqual([`ref-${givenUp.sessionId}`, `unknown-${nip}`].sort());
    await ledger.recordRegistrations({ nip, reference: `unknown-${nip}` }, 200, [], NOW);
    await ledger.recordFoundLook(`ref-${givenUp.sessionId}`, 150, after(5_000));
    expect(await ledger.nextFoundLookAt(nip)).toEqual(after(5_000));
    await note(nip, listed(`unknown-${nip}`));
    expect(await unread(nip)).toEqual([`ref-${givenUp.sessionId}`]);
  });
});

describe('a session that nobody may read', () => {
  it('is waited for no longer, and read again by whom it is listed to anew', async () => {
    const { ledger } = test;
    const nip = newNip();
    await putToken(ledger, nip);
    const reference = `found-${nip}`;
    await ask(nip);
    await note(nip, listed(reference));
    await ledger.recordUnreadable({ nip, reference }, '403', NOW);
    expect(await unread(nip)).toEqual([]);
    expect(await finish(nip)).toMatchObject({ sessions: 1, registrations: 0 });
    await putToken(ledger, nip, 'another');
    await note(nip, listed(reference));
    const { id: credentialId } = (await ledger.credentialOf(nip)) ?? {};
    expect(await ledger.foundSessions(nip, NOW, 10)).toMatchObject([{ reference, credentialId }]);
  });

  it('yet keeps the credentials that it was listed to from being wiped', async () => {
    const { ledger } = test;
    const nip = newNip();
    await putToken(ledger, nip);
    const old = await ledger.credentialOf(nip);
    await ask(nip);
    await note(nip, listed(`found-${nip}`));
    await putToken(ledger, nip, 'another');
    await ledger.tidy(NOW);
    expect(await ledger.credentialById(old?.id ?? '')).toEqual(old);
    await ledger.recordRegistrations({ nip, reference: `found-${nip}` }, 200, [], NOW);
    await ledger.tidy(NOW);
    expect(await ledger.credentialById(old?.id ?? '')).toBeNull();
  });
});
