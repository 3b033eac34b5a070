import { planDispatch } from '@wsad/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger } from '../src/index.ts';
import { after, call, laneOf, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { accepted, putToken } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
  // Every ledger over this pool listens to it.
  test.pool.setMaxListeners(100);
});
afterAll(() => test.close());

const at = (time: string): Date => new Date(`2026-10-20T${time}Z`);
const MIDNIGHT = at('22:00:00');

describe('warnings of deadlines', () => {
  it('are given once for each seller, deadline and threshold, by however many processes', async () => {
    const { nip } = await accepted(test.ledger, newNip(), numbered(7));
    const warnings = async (now: Date) => {
      const others = [1, 2, 3].map(() => createLedger({ pool: test.pool, vaultKey: test.vaultKey }));
      const given = await Promise.all(others.map((ledger) => ledger.warnOfDeadlines(now)));
      return given.flat().filter((warning) => warning.nip === nip);
    };
    expect(await warnings(at('17:59:59'))).toEqual([]);
    const near = { nip, deadlineAt: MIDNIGHT, invoices: 7 };
    expect(await warnings(at('18:00:00'))).toEqual([{ ...near, threshold: '4h' }]);
    expect(await warnings(at('19:00:00'))).toEqual([]);
    expect(await warnings(at('21:00:00'))).toEqual([{ ...near, threshold: '1h' }]);
    expect(await warnings(MIDNIGHT)).toEqual([{ ...near, threshold: 'passed' }]);
    expect(await warnings(after(86_400_000, MIDNIGHT))).toEqual([]);
    const { rows } = await test.pool.query(
      `SELECT detail FROM events WHERE type = 'deadline.near' AND nip = $1`,
      [nip],
    );
    expect(rows).toHaveLength(3);
  });

  it('are not given for what KSeF has a day for, and count what is held', async () => {
    const batch = await accepted(test.ledger, newNip(), numbered(6, 'B'));
    const held = newNip();
    await test.ledger.accept(call(numbered(2, 'H'), { nip: held }));
    const { sessions } = await test.ledger.claimLane(laneOf(batch.nip), at('12:00:00'), () => ({
      kind: 'send',
      claims: [{ kind: 'batch', count: 6, which: 'any' }],
      more: false,
    }));
    const session = await test.ledger.acquireSession(sessions[0]?.id ?? '', 'a', at('12:00:00'), 1_000);
    await test.ledger.recordOpened(session?.id ?? '', session?.fence ?? 0, {
      reference: `ref-${session?.id}`,
      credentialId: (await test.ledger.credentialOf(batch.nip))?.id ?? '',
      openedAt: at('12:00:00'),
      usableUntil: at('13:00:00'),
      package: null,
      parts: [],
    });
    const given = await test.ledger.warnOfDeadlines(at('21:30:00'));
    expect(given.filter(({ nip }) => nip === batch.nip)).toEqual([]);
    expect(given.filter(({ nip }) => nip === held)).toMatchObject([{ threshold: '1h', invoices: 2 }]);
    expect(await test.ledger.sellerStatus(held, at('21:30:00'))).toMatchObject({
      nextDeadlineAt: MIDNIGHT,
      deadlinesNear: 2,
      deadlinesPassed: 0,
    });
    expect(await test.ledger.sellerStatus(held, at('22:30:00'))).toMatchObject({
      nextDeadlineAt: null,
      deadlinesNear: 0,
      deadlinesPassed: 2,
    });
  });

  it('follow what a person decided, and fall silent while it lasts', async () => {
    const { nip } = await accepted(test.ledger, newNip(), numbered(3, 'O'));
    const deadlines = async () => await test.ledger.sellerStatus(nip, at('21:30:00'));
    expect(await deadlines()).toMatchObject({ deadlinesNear: 3 });
    const failure = { kind: 'failure', startedAt: at('10:00:00') } as const;
    await test.ledger.decideOutage({ ...failure, endedAt: null }, 'key:1', at('11:00:00'));
    expect(await deadlines()).toMatchObject({ nextDeadlineAt: null, deadlinesNear: 0 });
    await test.ledger.decideOutage({ ...failure, endedAt: at('16:00:00') }, 'key:2', at('17:00:00'));
    expect(await deadlines()).toMatchObject({ nextDeadlineAt: new Date('2026-10-29T23:00:00Z') });
    expect(await test.ledger.outages()).toEqual([
      { ...failure, endedAt: at('16:00:00'), decidedBy: 'key:2', decidedAt: at('17:00:00') },
    ]);
    const { rows } = await test.pool.query(`SELECT actor FROM events WHERE type = 'availability.decided'`);
    expect(rows).toEqual([{ actor: 'key:1' }, { actor: 'key:2' }]);
  });
});

describe("KSeF's clock", () => {
  const plan = async (ledger: TestLedger['ledger'], nip: string, now: Date) =>
    (await ledger.claimLane(laneOf(nip), now, (waiting, room) => planDispatch(now, waiting, room))).decision;

  it('keeps an invoice dated ahead in line while ours is fast', async () => {
    await test.ledger.recordKsefClock(-600_000, 20, at('10:00:00'));
    const nip = newNip();
    await putToken(test.ledger, nip);
    await test.ledger.accept(call([{ number: 'T/1', issueDate: '2026-10-21' }], { nip }));
    const begins = after(660_000, MIDNIGHT);
    expect(await plan(test.ledger, nip, at('22:02:00'))).toEqual({
      kind: 'wait',
      until: begins,
      why: 'its day',
    });
    expect(await test.ledger.sellerStatus(nip, at('22:02:00'))).toMatchObject({
      nextDispatchAt: begins,
      connection: { clock: { offsetMs: -600_000, uncertaintyMs: 20, readAt: at('10:00:00') } },
    });
    expect(await plan(test.ledger, nip, begins)).toMatchObject({ kind: 'send' });
    await test.ledger.recordKsefClock(0, 20, at('10:00:00'));
  });

  it('ends the waiting for neighbours ten minutes before its midnight', async () => {
    const nip = newNip();
    await putToken(test.ledger, nip);
    const lingering = { nip, now: at('21:49:30'), dueAt: at('21:50:30') };
    await test.ledger.accept(call([{ number: 'L/1' }], lingering));
    expect(await plan(test.ledger, nip, at('21:49:40'))).toEqual({
      kind: 'wait',
      until: at('21:50:00'),
      why: 'neighbours',
    });
    expect(await plan(test.ledger, nip, at('21:50:00'))).toMatchObject({ kind: 'send' });
  });
});

describe('turns', () => {
  it('are taken by one process in each span, and may be put off', async () => {
    const take = async (now: Date) =>
      (await Promise.all([1, 2, 3].map(() => test.ledger.takeTurn('round', now, 60_000)))).filter(Boolean)
        .length;
    expect(await take(at('10:00:00'))).toBe(1);
    expect(await take(at('10:00:59'))).toBe(0);
    expect(await take(at('10:01:00'))).toBe(1);
    await test.ledger.putOffTurn('round', at('10:30:00'));
    expect(await take(at('10:29:59'))).toBe(0);
    expect(await take(at('10:30:00'))).toBe(1);
  });
});

describe("KSeF's status service", () => {
  const message = (id: string, inForce: boolean, version = 1) => ({
    ...{ id, version, inForce, eventId: '1003', category: 'FAILURE', type: 'FAILURE_START' },
    title: 'Awaria',
    text: null,
    startsAt: at('09:00:00'),
    endsAt: null,
    publishedAt: at('09:05:00'),
  });

  it('is kept with every message it ever gave, and told with those that are about now', async () => {
    expect((await test.ledger.connection(at('10:00:00'))).latarnia).toBeNull();
    await test.ledger.recordLatarnia({ status: 'FAILURE', messages: [message('K/1', true)] }, at('10:00:00'));
    expect(await test.ledger.connection(at('10:01:00'))).toMatchObject({
      state: 'degraded',
      latarnia: { status: 'FAILURE', readAt: at('10:00:00'), messages: [{ id: 'K/1' }] },
    });
    await test.ledger.recordLatarnia(
      { status: 'AVAILABLE', messages: [message('K/1', false, 2)] },
      at('10:02:00'),
    );
    expect((await test.ledger.connection(at('10:03:00'))).latarnia).toMatchObject({ messages: [] });
    expect(await test.ledger.latarniaMessages(10)).toMatchObject([
      { id: 'K/1', version: 2 },
      { id: 'K/1', version: 1 },
    ]);
  });

  it('changes nothing by being away, and counts for nothing once it has been for long', async () => {
    await test.ledger.recordLatarnia({ status: 'FAILURE', messages: [] }, at('11:00:00'));
    expect(await test.ledger.recordLatarniaFailure('answered 502', at('11:01:00'))).toBe(1);
    expect(await test.ledger.recordLatarniaFailure('answered 504', at('11:02:00'))).toBe(2);
    expect(await test.ledger.connection(at('11:09:00'))).toMatchObject({ state: 'degraded' });
    expect(await test.ledger.connection(at('11:11:00'))).toMatchObject({
      state: 'up',
      latarnia: { status: 'FAILURE', readAt: at('11:00:00') },
    });
  });

  it('counts for nothing where our own calls have just succeeded', async () => {
    await test.ledger.recordLatarnia({ status: 'TOTAL_FAILURE', messages: [] }, at('12:00:00'));
    await test.ledger.recordConnection(true, 29, null, at('12:00:01'));
    expect(await test.ledger.connection(at('12:00:02'))).toMatchObject({ state: 'up' });
  });
});
