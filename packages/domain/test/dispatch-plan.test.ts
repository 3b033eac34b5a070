import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Claim, NO_SPACING, planDispatch, type Room } from '../src/index.ts';

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
    ...NO_SPACING,
    ...{
      unreservedAt: now,
      nextAt: inSeconds(60),
      paceMs: 60_000,
      apartMs: 60_000,
      evenMs: 60_000,
      usedShare: 0,
    },
    ...{ together: Number.POSITIVE_INFINITY },
  };
  const short: Room = { batch: { ...open, spacing: apart }, interactive: { ...open, spacing: apart } };
  const waiting = { attachments: 0, corrections: 0, firstDueAt: now, nextBeginsAt: null };

  it('waits until the pace allows, or until what waits has waited enough together', () => {
    const sooner = { ...short.batch, spacing: { ...apart, nextAt: inSeconds(10) } };
    const paceFirst = { ...short, batch: sooner };
    const keepsPace = { kind: 'wait', until: inSeconds(10), why: 'budget' };
    expect(planDispatch(now, { ...waiting, count: 6 }, paceFirst)).toEqual(keepsPace);
    const batchNextIn = (seconds: number, usedShare = 0): Room => {
      return { ...short, batch: { ...open, spacing: { ...apart, nextAt: inSeconds(seconds), usedShare } } };
    };
    const twelve = { ...waiting, count: 12 };
    expect(planDispatch(now, twelve, batchNextIn(20))).toMatchObject({ until: inSeconds(15) });
    expect(planDispatch(now, { ...twelve, waitedMs: 180_000 }, batchNextIn(20)).kind).toBe('send');
    expect(planDispatch(now, twelve, batchNextIn(20, 0.5))).toMatchObject({ until: inSeconds(20) });
    const halfOfThePace = { until: inSeconds(30) };
    expect(planDispatch(now, { ...twelve, waitedMs: 10 ** 9 }, batchNextIn(60))).toMatchObject(halfOfThePace);
  });

  it('lets urgent ones go at once, from the reserve too', () => {
    const reserved = { ...open, spacing: { ...apart, unreservedAt: inSeconds(900) } };
    const room = { batch: reserved, interactive: reserved };
    expect(planDispatch(now, { ...waiting, count: 9, waitedMs: 10 ** 9 }, room)).toMatchObject({
      until: inSeconds(900),
    });
    expect(planDispatch(now, { ...waiting, count: 9, urgent: 1 }, room).kind).toBe('send');
  });

  it('lets a few go once they are as many as should go together, but not from the reserve', () => {
    const spacing = { ...apart, together: 3 };
    const room = { ...short, interactive: { ...open, spacing } };
    expect(planDispatch(now, { ...waiting, count: 2 }, room)).toMatchObject({ until: inSeconds(24) });
    expect(planDispatch(now, { ...waiting, count: 2, waitedMs: 60_000 }, room).kind).toBe('send');
    expect(planDispatch(now, { ...waiting, count: 3 }, room).kind).toBe('send');
    const reserved = { ...open, spacing: { ...spacing, unreservedAt: inSeconds(5) } };
    expect(planDispatch(now, { ...waiting, count: 3 }, { ...short, interactive: reserved })).toMatchObject({
      until: inSeconds(5),
    });
  });

  it('lets a few wait for a sixth until there are sends enough for them, unless they are urgent', () => {
    const sends = [20, 40, 60, 80, 100].map((inS) => ({ unreservedAt: now, lastAt: inSeconds(inS) }));
    const spacing = { ...apart, together: 1, sends, sendWorthMs: 200_000 };
    const room: Room = { batch: open, interactive: { ...open, spacing } };
    expect(planDispatch(now, { ...waiting, count: 2 }, room)).toMatchObject({ until: inSeconds(40) });
    expect(planDispatch(inSeconds(40), { ...waiting, count: 2 }, room).kind).toBe('send');
    expect(planDispatch(now, { ...waiting, count: 2, urgent: 1 }, room).kind).toBe('send');
    expect(planDispatch(now, { ...waiting, count: 6 }, room)).toMatchObject({ claims: [{ kind: 'batch' }] });
  });
});
