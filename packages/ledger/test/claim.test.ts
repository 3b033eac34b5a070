import { type Claim, type DispatchDecision, planDispatch, type Waiting } from '@wsad/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { after, call, laneOf, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { accepted, claimed, opened, putToken, statesOf } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

function sending(...claims: Claim[]): () => DispatchDecision {
  return () => ({ kind: 'send', claims, more: false });
}

const never = () => Promise.reject(new Error('there is nothing to wait for'));

describe('claimLane', () => {
  it('tells how long they have waited beyond lingering, and how many are urgent', async () => {
    const walk = await accepted(test.ledger, newNip(), numbered(2, 'SLOW'));
    await test.ledger.accept(call(numbered(1, 'FAST'), { nip: walk.nip, dueAt: after(1_000), urgent: true }));
    const seen: Waiting[] = [];
    await test.ledger.claimLane(laneOf(walk.nip), after(1_000), (waiting) => {
      seen.push(waiting);
      return { kind: 'idle' };
    });
    expect(seen).toMatchObject([{ count: 3, urgent: 1, waitedMs: 2_000 }]);
  });

  it('tells what waits, and leaves it alone where the decision is to wait', async () => {
    const walk = await accepted(test.ledger, newNip(), [
      { number: '1' },
      { number: '2', hasAttachment: true },
      { number: '3', issueDate: '2026-10-25' },
    ]);
    await test.ledger.recordConsent(walk.nip, 'granted', NOW, after(1_000));
    const seen: Waiting[] = [];
    const { decision, sessions } = await test.ledger.claimLane(laneOf(walk.nip), NOW, (waiting) => {
      seen.push(waiting);
      return { kind: 'wait', until: after(250), why: 'neighbours' };
    });
    expect(seen).toEqual([
      {
        count: 2,
        urgent: 0,
        waitedMs: 0,
        attachments: 1,
        corrections: 0,
        firstDueAt: NOW,
        nextBeginsAt: new Date('2026-10-24T22:01:00.000Z'),
        leavesBy: new Date('2026-10-20T21:50:00.000Z'),
        trials: [],
      },
    ]);
    expect(decision).toEqual({ kind: 'wait', until: after(250), why: 'neighbours' });
    expect(sessions).toEqual([]);
    expect(await statesOf(walk)).toEqual(['accepted', 'accepted', 'accepted']);
  });

  it('puts invoices into sessions in order of arrival, each session with a key of its own', async () => {
    const walk = await accepted(test.ledger, newNip(), numbered(5));
    const claim: Claim = { kind: 'batch', count: 3, which: 'any' };
    const { sessions } = await test.ledger.claimLane(laneOf(walk.nip), NOW, sending(claim, claim));
    expect(sessions.map(({ kind, invoices }) => [kind, invoices])).toEqual([
      ['batch', 3],
      ['batch', 2],
    ]);
    const taken = await Promise.all(sessions.map(({ id }) => test.ledger.acquireSession(id, 'w', NOW, 1000)));
    expect(new Set(taken.map((session) => session?.key.toString('hex'))).size).toBe(2);
    const members = await Promise.all(sessions.map(({ id }) => test.ledger.members(id)));
    expect(members.flat().map(({ invoiceId }) => invoiceId)).toEqual(walk.ids);
    expect(members[0]?.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3]);
    expect(await statesOf(walk)).toEqual(Array(5).fill('sending'));
  });

  it('tells attachments from plain invoices', async () => {
    const walk = await accepted(test.ledger, newNip(), [
      { number: '1' },
      { number: '2', hasAttachment: true },
      { number: '3' },
    ]);
    await test.ledger.recordConsent(walk.nip, 'granted', NOW, after(1_000));
    const { sessions } = await test.ledger.claimLane(laneOf(walk.nip), NOW, (waiting, room) =>
      planDispatch(NOW, waiting, room),
    );
    expect(sessions.map(({ kind, invoices }) => [kind, invoices])).toEqual([
      ['batch', 1],
      ['interactive', 2],
    ]);
    const [batch] = sessions;
    expect((await test.ledger.members(batch?.id ?? '')).map(({ invoiceId }) => invoiceId)).toEqual([
      walk.ids[1],
    ]);
  });

  it('puts no more into a session than a package can hold', async () => {
    const wishes = numbered(6).map((wish) => ({ ...wish, sizeBytes: 1_000_000_000 }));
    const walk = await accepted(test.ledger, newNip(), wishes);
    const claim: Claim = { kind: 'batch', count: 6, which: 'any' };
    const { sessions } = await test.ledger.claimLane(laneOf(walk.nip), NOW, sending(claim));
    expect(sessions.map(({ invoices }) => invoices)).toEqual([4]);
    expect(await statesOf(walk)).toEqual([...Array(4).fill('sending'), 'accepted', 'accepted']);
  });

  it('makes no session of nothing', async () => {
    const claim: Claim = { kind: 'batch', count: 6, which: 'any' };
    const { sessions } = await test.ledger.claimLane(laneOf(newNip()), NOW, sending(claim));
    expect(sessions).toEqual([]);
  });

  it('keeps lanes apart', async () => {
    const nip = newNip();
    await putToken(test.ledger, nip);
    await test.ledger.accept(call(numbered(2), { nip }));
    await test.ledger.accept(call(numbered(3, 'OFF'), { nip, mode: 'offline' }));
    const counts: number[] = [];
    for (const mode of ['online', 'offline'] as const) {
      await test.ledger.claimLane({ ...laneOf(nip), mode }, NOW, (waiting) => {
        counts.push(waiting.count);
        return { kind: 'idle' };
      });
    }
    expect(counts).toEqual([2, 3]);
  });

  it('lets two claimers on one lane take each invoice once', async () => {
    const walk = await accepted(test.ledger, newNip(), numbered(40));
    const claims = await Promise.all(
      Array.from({ length: 6 }, () =>
        test.ledger.claimLane(laneOf(walk.nip), NOW, (waiting, room) => planDispatch(NOW, waiting, room)),
      ),
    );
    expect(claims.flatMap(({ sessions }) => sessions.map(({ invoices }) => invoices))).toEqual([40]);
    const { rows } = await test.pool.query(
      'SELECT invoice_id FROM session_members WHERE invoice_id = ANY ($1::uuid[])',
      [walk.ids],
    );
    expect(rows).toHaveLength(40);
  });

  it('claims the next soon after a session at whose opening a process died, and which nobody took over yet', async () => {
    const walk = await accepted(test.ledger, newNip(), numbered(7, 'FIRST'));
    const claim = (at: Date) =>
      test.ledger.claimLane(laneOf(walk.nip), at, (waiting, room) => planDispatch(at, waiting, room));
    expect((await claim(NOW)).sessions).toHaveLength(1);
    const pacer = test.ledger.pacer({ egress: 'default', clock: () => NOW, wait: never, maxWaitMs: 0 });
    await pacer.take('openBatch', walk.nip);
    await test.ledger.accept(call(numbered(7, 'SECOND'), { nip: walk.nip }));
    expect((await claim(after(1))).decision).toMatchObject({ kind: 'wait', why: 'budget' });
    expect((await claim(after(1_000))).sessions).toHaveLength(1);
  });

  it('undoes everything where the decision throws', async () => {
    const walk = await accepted(test.ledger, newNip(), numbered(2));
    const failing = test.ledger.claimLane(laneOf(walk.nip), NOW, () => {
      throw new Error('no plan');
    });
    await expect(failing).rejects.toThrow('no plan');
    expect(await statesOf(walk)).toEqual(['accepted', 'accepted']);
  });
});

describe('pause', () => {
  it('answers idle for a paused seller and takes up again on resume', async () => {
    const walk = await accepted(test.ledger, newNip());
    expect(await test.ledger.pauseSeller(walk.nip, 'anna', NOW)).toBe(true);
    const paused = await test.ledger.claimLane(laneOf(walk.nip), NOW, (waiting, room) =>
      planDispatch(NOW, waiting, room),
    );
    expect(paused).toEqual({ decision: { kind: 'idle' }, sessions: [] });
    await test.ledger.resumeSeller(walk.nip, 'anna', NOW);
    const resumed = await test.ledger.claimLane(laneOf(walk.nip), NOW, (waiting, room) =>
      planDispatch(NOW, waiting, room),
    );
    expect(resumed.sessions).toHaveLength(1);
    expect(await test.ledger.pauseSeller('9999999999', 'anna', NOW)).toBe(false);
  });

  it('of everything stops claims and unopened sessions, but lets opened ones be finished', async () => {
    const unopened = await claimed(await accepted(test.ledger, newNip()));
    const begun = await opened(await claimed(await accepted(test.ledger, newNip())));
    const waiting = await accepted(test.ledger, newNip());
    for (const { sessionId, session } of [unopened, begun]) {
      await test.ledger.releaseLease(sessionId, session.fence);
    }
    await test.ledger.pauseAll('anna', NOW);
    try {
      expect(await test.ledger.isPaused()).toBe(true);
      const claim = await test.ledger.claimLane(laneOf(waiting.nip), NOW, (seen, room) =>
        planDispatch(NOW, seen, room),
      );
      expect(claim.sessions).toEqual([]);
      expect(await test.ledger.acquireSession(unopened.sessionId, 'w', NOW, 1000)).toBeNull();
      expect(await test.ledger.acquireSession(begun.sessionId, 'w', NOW, 1000)).not.toBeNull();
    } finally {
      await test.ledger.resumeAll('anna', NOW);
    }
    expect(await test.ledger.isPaused()).toBe(false);
    expect(await test.ledger.acquireSession(unopened.sessionId, 'w', NOW, 1000)).not.toBeNull();
  });
});

describe('the calls that a session goes back to', () => {
  const origin = (serial: number) => ({ requestId: `request-${serial}`, traceParent: null });
  const handIn = async (nip: string, calls: number) => {
    await putToken(test.ledger, nip);
    for (const serial of Array.from({ length: calls }, (_, index) => index))
      await test.ledger.accept(
        call(numbered(2, `C${serial}`), { nip, now: after(serial), origin: origin(serial) }),
      );
    return await claimed({ ledger: test.ledger, nip, command: call([]), ids: [] }, {}, after(1_000));
  };

  it('are told to whoever claims, sends and follows it', async () => {
    const nip = newNip();
    const traceParent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const first = { requestId: 'request-1', traceParent };
    await putToken(test.ledger, nip);
    await test.ledger.accept(call(numbered(1, 'A'), { nip, origin: first }));
    await test.ledger.accept(call(numbered(1, 'B'), { nip, now: after(1), origin: origin(2) }));
    // An invoice of a call of which nothing is known, as those before this was kept.
    await test.ledger.accept(call(numbered(1, 'C'), { nip, now: after(2) }));
    const walk = { ledger: test.ledger, nip, command: call([]), ids: [] };
    const begun = await claimed(walk, {}, after(1_000));
    expect(begun.session.invoiceCount).toBe(3);
    expect(begun.session.origins).toEqual([first, origin(2)]);
    const sent = await opened(begun);
    await test.ledger.recordClosing(sent.sessionId, sent.session.fence, after(1_000));
    await test.ledger.recordClosed(sent.sessionId, sent.session.fence, after(1_000));
    expect((await test.ledger.followedSession(sent.sessionId))?.origins).toEqual([first, origin(2)]);
  });

  it('are the first twenty, however many there are', async () => {
    const { session } = await handIn(newNip(), 22);
    expect(session.invoiceCount).toBe(44);
    expect(session.origins).toEqual(Array.from({ length: 20 }, (_, serial) => origin(serial)));
  });
});
