import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Claim,
  type DispatchDecision,
  NO_SPACING,
  planDispatch,
  type Room,
  roomOf,
  type WaitingTrial,
} from '../src/index.ts';

const now = new Date('2026-12-01T08:00:00Z');
const open = { sessions: 1_000, sends: 1_000, freeAt: now, spacing: NO_SPACING };
const AMPLE: Room = { batch: open, interactive: open };
const soon = new Date(now.getTime() + 250);
const inSeconds = (seconds: number) => new Date(now.getTime() + seconds * 1_000);

describe('planDispatch', () => {
  it('sends five or fewer interactively and more than five as one batch', () => {
    const due = { attachments: 0, corrections: 0, firstDueAt: now, nextBeginsAt: null };
    expect(planDispatch(now, { ...due, count: 5 }, AMPLE)).toMatchObject({
      kind: 'send',
      claims: [{ kind: 'interactive', count: 5, which: 'plain' }],
    });
    expect(planDispatch(now, { ...due, count: 6 }, AMPLE)).toMatchObject({
      kind: 'send',
      claims: [{ kind: 'batch', count: 6, which: 'any' }],
    });
  });

  it('lets a few linger for neighbours, but never more than five', () => {
    expect(
      planDispatch(
        now,
        { count: 3, attachments: 0, corrections: 0, firstDueAt: soon, nextBeginsAt: null },
        AMPLE,
      ),
    ).toEqual({
      kind: 'wait',
      until: soon,
      why: 'neighbours',
    });
    expect(
      planDispatch(
        now,
        { count: 6, attachments: 0, corrections: 0, firstDueAt: soon, nextBeginsAt: null },
        AMPLE,
      ).kind,
    ).toBe('send');
  });

  it('sends attachments as a batch however few they are', () => {
    expect(
      planDispatch(
        now,
        { count: 4, attachments: 1, corrections: 0, firstDueAt: now, nextBeginsAt: null },
        AMPLE,
      ),
    ).toEqual({
      kind: 'send',
      claims: [
        { kind: 'batch', count: 1, which: 'attachments' },
        { kind: 'interactive', count: 3, which: 'plain' },
      ],
      more: false,
    });
  });

  it('waits for the day of invoices that are dated ahead', () => {
    const nextDay = new Date('2026-12-01T23:00:00Z');
    const nothingYet = { count: 0, attachments: 0, corrections: 0, firstDueAt: null };
    expect(planDispatch(now, { ...nothingYet, nextBeginsAt: nextDay }, AMPLE)).toEqual({
      kind: 'wait',
      until: nextDay,
      why: 'its day',
    });
    expect(planDispatch(now, { ...nothingYet, nextBeginsAt: null }, AMPLE)).toEqual({ kind: 'idle' });
  });

  it('claims exactly what waits, in sessions of at most 10,000, and none of a batch left over to go alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 250_000 }), fc.nat(), (count, some) => {
        const attachments = some % (count + 1);
        const decision = planDispatch(
          now,
          { count, attachments, corrections: 0, firstDueAt: now, nextBeginsAt: null },
          AMPLE,
        );
        if (decision.kind !== 'send') throw new Error('due invoices must go');
        const claimed = decision.claims.reduce((sum, claim) => sum + claim.count, 0);
        expect(decision.more).toBe(claimed < count);
        if (count <= 40_000) expect(claimed).toBe(count);
        expect(decision.claims.length).toBeLessThanOrEqual(4);
        expect(decision.claims.every((claim) => claim.count <= 10_000)).toBe(true);
        const asTheRuleSays = (claim: Claim) =>
          count > 5 ? claim.kind === 'batch' && claim.count > 5 : claim.kind === 'batch' || claim.count <= 5;
        expect(decision.claims.every(asTheRuleSays)).toBe(true);
      }),
    );
  });

  it('sends technical corrections interactively however many, and the others by their own number', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 60 }),
        fc.nat({ max: 12 }),
        fc.nat({ max: 12 }),
        fc.nat({ max: 40 }),
        (many, plain, attached, sends) => {
          const count = many + plain + attached;
          fc.pre(count > 0);
          const waiting = {
            count,
            attachments: attached,
            corrections: many,
            firstDueAt: now,
            nextBeginsAt: null,
          };
          const room = { batch: open, interactive: { ...open, sends } };
          const decision = planDispatch(now, waiting, room);
          const claims = decision.kind === 'send' ? decision.claims : [];
          const sum = (of: readonly Claim[]) => of.reduce((total, claim) => total + claim.count, 0);
          const corrections = claims.filter(({ which }) => which === 'corrections');
          expect(corrections.every(({ kind }) => kind === 'interactive')).toBe(true);
          expect(sum(corrections)).toBeLessThanOrEqual(many);
          expect(sum(claims.filter(({ kind }) => kind === 'interactive'))).toBeLessThanOrEqual(sends);
          if (sends > 5 && many > 0) expect(sum(corrections)).toBeGreaterThan(0);
          const others = claims.filter(({ which }) => which !== 'corrections');
          expect(others.every(({ kind }) => kind === 'batch')).toBe(
            plain + attached > 5 || others.every(({ which }) => which === 'attachments'),
          );
          if (decision.kind === 'send') expect(decision.more).toBe(sum(claims) < count);
          else expect(decision).toMatchObject({ kind: 'wait', why: 'budget' });
        },
      ),
    );
  });

  it('claims no more sessions than there is room for, and waits for a place where there is none', () => {
    const full = { sessions: 0, sends: 0, freeAt: soon, spacing: NO_SPACING };
    const six = { count: 6, attachments: 0, corrections: 0, firstDueAt: now, nextBeginsAt: null };
    const noPlace = { kind: 'wait', until: soon, why: 'budget' };
    expect(planDispatch(now, six, { batch: full, interactive: open })).toEqual(noPlace);
    expect(planDispatch(now, { ...six, count: 3 }, { batch: open, interactive: full })).toEqual(noPlace);
    const fewSends = { batch: open, interactive: { ...open, sends: 2, freeAt: soon, spacing: NO_SPACING } };
    expect(planDispatch(now, { ...six, count: 3 }, fewSends)).toEqual(noPlace);
    const one = planDispatch(
      now,
      { ...six, count: 30_000 },
      { batch: { ...open, sessions: 1 }, interactive: full },
    );
    expect(one).toMatchObject({ kind: 'send', claims: [{ count: 10_000 }], more: true });
  });
});

describe('planDispatch while an hour runs short', () => {
  const apart = {
    unreservedAt: now,
    nextAt: inSeconds(60),
    apartMs: 60_000,
    together: Number.POSITIVE_INFINITY,
  };
  const short: Room = { batch: { ...open, spacing: apart }, interactive: { ...open, spacing: apart } };
  const waiting = { attachments: 0, corrections: 0, firstDueAt: now, nextBeginsAt: null };

  it('waits until the pace allows, or until what waits has waited enough together', () => {
    const keepsPace = { kind: 'wait', until: inSeconds(60), why: 'budget' };
    expect(planDispatch(now, { ...waiting, count: 2 }, short)).toEqual(keepsPace);
    expect(planDispatch(now, { ...waiting, count: 12 }, short)).toMatchObject({ until: inSeconds(15) });
    expect(planDispatch(now, { ...waiting, count: 12, waitedMs: 180_000 }, short).kind).toBe('send');
  });

  it('lets urgent ones go at once, from the reserve too', () => {
    const reserved = { ...open, spacing: { ...apart, unreservedAt: inSeconds(900) } };
    const room = { batch: reserved, interactive: reserved };
    expect(planDispatch(now, { ...waiting, count: 9, waitedMs: 10 ** 9 }, room)).toMatchObject({
      until: inSeconds(900),
    });
    expect(planDispatch(now, { ...waiting, count: 9, urgent: 1 }, room).kind).toBe('send');
  });

  it('sends five that would have to wait longer as a batch', () => {
    const room = { ...short, batch: { ...open, spacing: { ...apart, nextAt: inSeconds(300) } } };
    expect(planDispatch(now, { ...waiting, count: 4 }, room).kind).toBe('wait');
    expect(planDispatch(now, { ...waiting, count: 5 }, room).kind).toBe('send');
  });
});

describe('roomOf', () => {
  const idle = { claimed: 0, opened: 0, sends: 0 };
  const free = { charged: new Map(), batch: idle, interactive: idle };
  const group = (perMinute: number, perHour: number) => ({ perSecond: 10, perMinute, perHour });
  const shared = { batchSession: group(20, 60), onlineSession: group(30, 120), invoiceSend: group(30, 180) };
  const apart = { ...shared, batchSessionClose: group(40, 120), onlineSessionClose: group(60, 240) };

  it('keeps a place for closing where closes share the group of opens', () => {
    expect(roomOf(now, { ...free, limits: apart }).batch.sessions).toBe(20);
    expect(roomOf(now, { ...free, limits: shared }).batch.sessions).toBe(10);
    expect(
      roomOf(now, { ...free, limits: shared, batch: { claimed: 2, opened: 4, sends: 0 } }).batch.sessions,
    ).toBe(6);
  });

  it('counts sessions that have been claimed and calls that have been made', () => {
    const call = { answeredAt: new Date(now.getTime() - 30_000) };
    const charged = new Map([['batchSession', Array(20).fill(call)]]);
    const { batch } = roomOf(now, { ...free, limits: apart, charged });
    expect(batch).toMatchObject({ sessions: 0, freeAt: new Date(now.getTime() + 30_000) });
    const claimed = roomOf(now, { ...free, limits: apart, batch: { claimed: 18, opened: 0, sends: 0 } });
    expect(claimed.batch.sessions).toBe(2);
    expect(
      roomOf(now, { ...free, limits: apart, interactive: { claimed: 1, opened: 0, sends: 5 } }).interactive,
    ).toMatchObject({ sessions: 29, sends: 25 });
  });

  it('never has room for sessions that could not all be opened and closed within the windows', () => {
    fc.assert(
      fc.property(fc.nat({ max: 70 }), fc.nat({ max: 30 }), fc.nat({ max: 30 }), (calls, claimed, opened) => {
        const charged = new Map([['batchSession', Array(calls).fill({ answeredAt: now })]]);
        const { batch } = roomOf(now, {
          ...free,
          limits: shared,
          charged,
          batch: { claimed, opened, sends: 0 },
        });
        if (batch.sessions > 0)
          expect(calls + opened + 2 * (claimed + batch.sessions)).toBeLessThanOrEqual(20);
      }),
    );
  });
});

describe('groups on trial', () => {
  const HOUR_MS = 3_600_000;
  const none = { count: 0, attachments: 0, corrections: 0, firstDueAt: null, nextBeginsAt: null };
  const trial = (id: string, count: number, dueMs = 0, also: Partial<WaitingTrial> = {}): WaitingTrial => ({
    ...{ id, count, attachments: 0, corrections: 0, dueAt: new Date(now.getTime() + dueMs), ...also },
  });
  const claimed = (decision: DispatchDecision) =>
    decision.kind === 'send' ? decision.claims.map(({ kind, count, trialId }) => [trialId, kind, count]) : [];
  const few = (sessions: number): Room => ({ ...AMPLE, batch: { ...open, sessions, freeAt: soon } });

  it('go in sessions of their own, five or fewer interactively unless they hold attachments', () => {
    const trials = [trial('a', 6), trial('b', 5), trial('c', 5, 0, { attachments: 1 })];
    expect(claimed(planDispatch(now, { ...none, trials }, AMPLE))).toEqual([
      ['a', 'batch', 6],
      ['b', 'interactive', 5],
      ['c', 'batch', 5],
    ]);
    const corrections = [trial('d', 9, 0, { corrections: 9 })];
    const room = { ...AMPLE, interactive: { ...open, sends: 7 } };
    expect(planDispatch(now, { ...none, trials: corrections }, room)).toMatchObject({
      claims: [{ trialId: 'd', kind: 'interactive', count: 7 }],
      more: true,
    });
  });

  it('take turns with the others by how long each has been due, and wait for no neighbours', () => {
    const trials = [trial('older', 8, -2_000), trial('younger', 8, -500)];
    const fresh = { ...none, count: 9, firstDueAt: new Date(now.getTime() - 1_000), trials };
    expect(claimed(planDispatch(now, fresh, AMPLE)).map(([id]) => id)).toEqual([
      'older',
      undefined,
      'younger',
    ]);
    const lingering = { ...none, count: 2, firstDueAt: soon, trials };
    expect(claimed(planDispatch(now, lingering, AMPLE)).map(([id]) => id)).toEqual(['older', 'younger']);
    expect(planDispatch(now, lingering, few(3))).toEqual({ kind: 'wait', until: soon, why: 'neighbours' });
  });

  it('leave three sessions to the others until they have waited for an hour', () => {
    const waiting = { ...none, trials: [trial('a', 8), trial('b', 8)] };
    expect(claimed(planDispatch(now, waiting, few(4))).map(([id]) => id)).toEqual(['a']);
    const aMinute = new Date(now.getTime() + 60_000);
    expect(planDispatch(now, waiting, few(3))).toEqual({ kind: 'wait', until: aMinute, why: 'budget' });
    const patient = { ...none, trials: [trial('a', 8, -HOUR_MS), trial('b', 8)] };
    expect(claimed(planDispatch(now, patient, few(1))).map(([id]) => id)).toEqual(['a']);
    const urgent = { ...waiting, count: 6, firstDueAt: now };
    expect(claimed(planDispatch(now, urgent, few(1))).map(([id]) => id)).toEqual([undefined]);
  });

  it('are claimed once, within the room, and looked at again while more wait', () => {
    const groups = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 300 }), fc.boolean(), fc.integer({ min: -8e6, max: 0 })),
      {
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(
        groups,
        fc.nat({ max: 9 }),
        fc.nat({ max: 9 }),
        fc.nat({ max: 40 }),
        (of, batch, online, sends) => {
          const trials = of.map(([count, attached, dueMs], index) =>
            trial(`trial ${index}`, count, dueMs, { attachments: attached ? 1 : 0 }),
          );
          const interactive = { sessions: online, sends, freeAt: soon, spacing: NO_SPACING };
          const decision = planDispatch(now, { ...none, trials }, { ...few(batch), interactive });
          const claims = decision.kind === 'send' ? decision.claims : [];
          const countOf = (id: string | undefined) => trials.find((each) => each.id === id)?.count;
          for (const { kind, count, trialId } of claims)
            expect(count).toBe(kind === 'batch' ? countOf(trialId) : Math.min(sends, countOf(trialId) ?? 0));
          const kinds = (wanted: Claim['kind']) => claims.filter(({ kind }) => kind === wanted);
          expect(kinds('batch').length).toBeLessThanOrEqual(batch);
          expect(kinds('interactive').length).toBeLessThanOrEqual(online);
          expect(new Set(claims.map(({ trialId }) => trialId)).size).toBe(claims.length);
          const sum = (counts: readonly { count: number }[]) =>
            counts.reduce((all, { count }) => all + count, 0);
          if (decision.kind === 'send') expect(decision.more).toBe(sum(claims) < sum(trials));
          else expect(decision.kind).toBe(trials.length === 0 ? 'idle' : 'wait');
        },
      ),
    );
  });
});
