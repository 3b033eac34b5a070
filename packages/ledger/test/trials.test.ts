/** What the ledger does with invoices of a session that KSeF failed; the rule itself is tested in packages/domain. */
import { planDispatch } from '@wsad/domain';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { after, ksefNumber, laneOf, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import {
  accepted,
  allCleared,
  closed,
  closing,
  followed,
  opened,
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

const FAILED = { code: 405, description: 'Błąd weryfikacji części', details: ['part 1'] };
const UNKNOWN = { code: 500, description: 'Nieznany błąd', details: [] };
const HOUR_MS = 3_600_000;
/** Beyond any pause. */
const LATER_MS = 2 * HOUR_MS;

/** What the plan claims at that moment, each session closed. */
async function sentAt(walk: Walk, ms: number): Promise<SessionWalk[]> {
  const at = after(ms);
  const { sessions } = await walk.ledger.claimLane(laneOf(walk.nip), at, (waiting, room) =>
    planDispatch(at, waiting, room),
  );
  const walks: SessionWalk[] = [];
  for (const { id: sessionId } of sessions) {
    const session = await walk.ledger.acquireSession(sessionId, 'worker', at, 16_000);
    if (session === null) throw new Error('the session cannot be taken');
    walks.push(await closed(await closing(await opened({ ...walk, sessionId, session }))));
  }
  return walks;
}

async function nextAt({ ledger, nip }: Walk, ms: number): Promise<Date | null | undefined> {
  return (await ledger.sellerStatus(nip, after(ms)))?.nextDispatchAt;
}

async function numbersIn({ ledger, sessionId, ids }: SessionWalk): Promise<number[]> {
  const members = await ledger.members(sessionId);
  return members.map(({ invoiceId }) => ids.indexOf(invoiceId) + 1);
}

async function record({ ids }: Walk, number: number) {
  const found = await test.ledger.invoice(ids[number - 1] ?? '', 'all');
  if (found === null) throw new Error('no record');
  return found;
}

describe('a session that KSeF fails', () => {
  it('goes again whole after a while, apart from what came meanwhile', async () => {
    const walk = await followed(test.ledger, newNip());
    await test.ledger.failSession(walk.sessionId, FAILED, after(1_000));
    await test.ledger.failSession(walk.sessionId, FAILED, after(1_001));
    expect(await statesOf(walk)).toEqual(Array(6).fill('accepted'));
    expect(await test.ledger.lanesDue(after(5_000), 1_000)).not.toContainEqual(laneOf(walk.nip));
    await accepted(test.ledger, walk.nip, [{ number: 'N1' }, { number: 'N2' }]);
    expect(await nextAt(walk, 7_000)).toEqual(after(7_000));
    const sessions = await sentAt(walk, 7_000);
    expect(sessions.map(({ session }) => [session.kind, session.invoiceCount])).toEqual([
      ['interactive', 2],
      ['batch', 6],
    ]);
    expect(await test.ledger.session(sessions[1]?.sessionId ?? '', 'all')).toMatchObject({
      trial: { firstSessionId: walk.sessionId, failedSessionId: walk.sessionId, failures: 1 },
    });
    expect(await test.ledger.session(walk.sessionId, 'all')).toMatchObject({ state: 'failed', trial: null });
  });

  it('is halved in the order of its invoices, until one is alone and held with the words of KSeF', async () => {
    const walk = await followed(test.ledger, newNip());
    const groups: number[][] = [];
    let live = [walk];
    for (let round = 1; live.length > 0; round += 1) {
      for (const session of live) {
        const numbers = await numbersIn(session);
        groups.push(numbers);
        const at = after(round * HOUR_MS);
        if (numbers.includes(5)) await test.ledger.failSession(session.sessionId, FAILED, at);
        else await test.ledger.settleSession(session.sessionId, allCleared(walk, 100), UPO, at);
      }
      live = await sentAt(walk, round * HOUR_MS + 10_000);
    }
    expect(groups).toEqual([
      [1, 2, 3, 4, 5, 6],
      [1, 2, 3, 4, 5, 6],
      [1, 2, 3],
      [4, 5, 6],
      [4, 5],
      [6],
      [4],
      [5],
    ]);
    expect(await statesOf(walk)).toEqual(['cleared', 'cleared', 'cleared', 'cleared', 'held', 'cleared']);
    const held = await record(walk, 5);
    expect(held).toMatchObject({
      holdCause: 'session_failed',
      holdDetail: FAILED.description,
      verdict: FAILED,
    });
    const told = (await test.ledger.timeline(held)).filter(({ type }) => type.startsWith('invoice.'));
    expect(told.map(({ type, detail }) => [type, detail.invoices])).toEqual([
      ['invoice.again', 6],
      ['invoice.again', 3],
      ['invoice.again', 2],
      ['invoice.again', 1],
      ['invoice.held', undefined],
    ]);
    expect(told.slice(0, 4).map(({ detail }) => detail.firstSession)).toEqual(Array(4).fill(walk.sessionId));
  });

  it('counts no attempt, and giving up a session of the trial leaves the group together', async () => {
    const walk = await followed(test.ledger, newNip());
    await test.ledger.failSession(walk.sessionId, FAILED, after(1_000));
    const at = after(7_000);
    const { sessions } = await test.ledger.claimLane(laneOf(walk.nip), at, (waiting, room) =>
      planDispatch(at, waiting, room),
    );
    const [{ id = '' } = {}] = sessions;
    const session = await test.ledger.acquireSession(id, 'worker', at, 16_000);
    await test.ledger.abandonSession(id, session?.fence ?? 0, 'the worker is gone', at);
    const [again] = await sentAt(walk, 7_100);
    expect(again?.session.invoiceCount).toBe(6);
    expect((await record(walk, 1)).attempts).toBe(0);
    const told = await test.ledger.session(again?.sessionId ?? '', 'all');
    expect(told?.trial).toMatchObject({ firstSessionId: walk.sessionId, failures: 1 });
  });

  it('puts nothing on trial that it judged by itself, nor what a person retries', async () => {
    const walk = await followed(test.ledger, newNip());
    await test.ledger.failSession(walk.sessionId, FAILED, after(1_000));
    const [session] = await sentAt(walk, 7_000);
    if (session === undefined) throw new Error('nothing was sent');
    const [own = '', ...others] = walk.command.invoices.map(({ sha256 }) => sha256);
    const verdict = { code: 550, description: 'Anulowano', details: [] };
    const settlements = [
      { sha256: own, reference: null, outcome: { state: 'again', verdict } } as const,
      ...others.map((sha256) => {
        const outcome = { state: 'held', cause: 'session_failed', verdict } as const;
        return { sha256, reference: null, outcome };
      }),
    ];
    await test.ledger.settleSession(session.sessionId, settlements, [], after(8_000));
    const retry = {
      invoiceId: walk.ids[1] ?? '',
      actor: 'somebody',
      now: after(9_000),
      sellers: 'all',
    } as const;
    await test.ledger.retryHeld(retry);
    const [together] = await sentAt(walk, LATER_MS);
    expect(together === undefined ? [] : await numbersIn(together)).toEqual([1, 2]);
    expect(await test.ledger.session(together?.sessionId ?? '', 'all')).toMatchObject({ trial: null });
  });
});

describe('whether KSeF or the invoices are at fault', () => {
  let own: TestLedger;
  beforeEach(async () => {
    own = await testLedger();
  });
  afterEach(() => own.close());

  /** Fails all of these sessions and what goes of them again, `rounds` times over; answers the last pause. */
  async function failing(walks: readonly SessionWalk[], rounds: number, beginsMs = 1_000): Promise<number> {
    let live = walks;
    let ms = beginsMs;
    for (let round = 1; round <= rounds; round += 1) {
      for (const { ledger, sessionId } of live) await ledger.failSession(sessionId, UNKNOWN, after(ms));
      const dueMs = await lastDueMs(own);
      if (round === rounds) return dueMs - ms;
      ms = dueMs;
      live = (await Promise.all(walks.map((walk) => sentAt(walk, ms)))).flat();
    }
    return 0;
  }

  it.each([
    [1, 5_000],
    [2, 60_000],
    [3, 720_000],
    [4, HOUR_MS],
  ])(
    'is not shown by failure %i of a seller alone, so it is left alone for %i ms',
    async (rounds, pauseMs) => {
      expect(await failing([await followed(own.ledger, newNip(), numbered(64))], rounds)).toBe(pauseMs);
    },
  );

  it('is shown by a session of the seller that it judges: then the others go at once', async () => {
    const walk = await followed(own.ledger, newNip(), numbered(40));
    await failing([walk], 2);
    const [first, second] = await sentAt(walk, LATER_MS);
    if (first === undefined || second === undefined) throw new Error('there are no halves');
    await own.ledger.failSession(first.sessionId, UNKNOWN, after(LATER_MS + 1_000));
    expect(await nextAt(walk, LATER_MS + 2_000)).toEqual(after(LATER_MS + 721_000));
    await own.ledger.settleSession(second.sessionId, allCleared(walk, 500), UPO, after(LATER_MS + 3_000));
    expect(await nextAt(walk, LATER_MS + 3_000)).toEqual(after(LATER_MS + 3_000));
  });

  it('is not shown by what was found at KSeF meanwhile: that was judged before', async () => {
    const { ledger } = own;
    const walk = await followed(ledger, newNip(), numbered(40));
    await failing([walk], 1);
    const found = await accepted(ledger, walk.nip, numbered(1, 'FOUND'));
    const reference = `found-${walk.nip}`;
    const credentialId = (await ledger.credentialOf(walk.nip))?.id ?? '';
    const counts = { invoiceCount: 1, successfulInvoiceCount: 1, failedInvoiceCount: 0, statusCode: 200 };
    const session = { reference, kind: 'batch', openedAt: NOW, updatedAt: NOW, ...counts } as const;
    const listing = { kind: 'batch', sessions: [session], stillUntil: null } as const;
    await ledger.recordListed({ nip: walk.nip, askedAt: NOW }, credentialId, listing, after(2_000));
    const registrations = found.command.invoices.map(({ sha256 }) => ({
      ...{ sha256, ksefNumber: ksefNumber(900, walk.nip) },
      ...{ invoicingMode: 'Online', acquiredAt: NOW, receiptPage: 1 },
    }));
    expect(
      await ledger.recordRegistrations({ nip: walk.nip, reference }, 200, registrations, after(2_000)),
    ).toBe(1);
    for (const { sessionId } of await sentAt(walk, LATER_MS))
      await ledger.failSession(sessionId, UNKNOWN, after(LATER_MS));
    expect((await lastDueMs(own)) - LATER_MS).toBe(60_000);
  });

  it('is known to be KSeF where it fails others as well: no more is split, and none is held', async () => {
    const walk = await followed(own.ledger, newNip(), numbered(20));
    const other = await followed(own.ledger, newNip(), numbered(1, 'O'));
    await failing([walk, other], 8);
    const at = 100 * HOUR_MS;
    const sizes = [...(await sentAt(walk, at)), ...(await sentAt(other, at))];
    expect(sizes.map(({ session }) => session.invoiceCount)).toEqual([10, 10, 1]);
  });
});

async function lastDueMs({ ledger }: TestLedger): Promise<number> {
  const { rows } = await ledger.pool.query<{ at: Date | null }>(
    `SELECT max(due_at) AS at FROM invoices WHERE state = 'accepted'`,
  );
  return (rows[0]?.at?.getTime() ?? 0) - NOW.getTime();
}
