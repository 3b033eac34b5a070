import type { ListedSession, Registration } from '@wsad/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NothingRestored } from '../src/index.ts';
import { after, call, ksefNumber, laneOf, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import {
  accepted,
  allCleared,
  claimed,
  closing,
  followed,
  opened,
  putToken,
  type SessionWalk,
  statesOf,
  UPO,
  type Walk,
} from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

const SINCE = after(-3_600_000);
const UNTIL = after(600_000);
const ask = (nip: string | null, since = SINCE) =>
  test.ledger.askReconciliation({ nip, since, actor: 'operator', now: NOW });
const everything = () => ({ kind: 'send', claims: [ALL], more: false }) as const;
const ALL = { kind: 'batch', count: 10_000, which: 'any' } as const;

const listed = (reference: string, more: Partial<ListedSession> = {}): ListedSession => ({
  ...{ reference, kind: 'batch', openedAt: SINCE, updatedAt: SINCE, statusCode: 200 },
  ...{ invoiceCount: 6, successfulInvoiceCount: 6, failedInvoiceCount: 0 },
  ...more,
});

function registrations({ command, nip }: Walk, from: number): Registration[] {
  return command.invoices.map(({ sha256 }, place) => ({
    ...{ sha256, ksefNumber: ksefNumber(from + place, nip) },
    ...{ invoicingMode: 'Online', acquiredAt: NOW, receiptPage: 1 },
  }));
}

/** KSeF lists these, and nothing besides. */
async function note(nip: string, ...sessions: ListedSession[]): Promise<void> {
  const credential = await test.ledger.credentialOf(nip);
  for (const kind of ['batch', 'interactive'] as const) {
    const ofKind = sessions.filter((each) => each.kind === kind);
    const listing = { kind, sessions: ofKind, stillUntil: null };
    await test.ledger.recordListed({ nip, askedAt: NOW }, credential?.id ?? '', listing, NOW);
  }
}

const finish = (nip: string) => test.ledger.finishReconciliation({ nip, askedAt: NOW }, NOW);

const unread = async (nip: string) =>
  (await test.ledger.foundSessions(nip, after(86_400_000), 100)).map(({ reference }) => reference);
const status = async (nip: string) => (await test.ledger.sellerStatus(nip, NOW))?.reconciling ?? null;
const stateOf = async ({ sessionId }: SessionWalk) => (await test.ledger.session(sessionId, 'all'))?.state;

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
