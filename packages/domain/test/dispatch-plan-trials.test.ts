import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Claim,
  type DispatchDecision,
  NO_SPACING,
  planDispatch,
  type Room,
  type WaitingTrial,
} from '../src/index.ts';

const now = new Date('2026-12-01T08:00:00Z');
const open = { sessions: 1_000, sends: 1_000, freeAt: now, spacing: NO_SPACING };
const AMPLE: Room = { batch: open, interactive: open };
const soon = new Date(now.getTime() + 250);

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
