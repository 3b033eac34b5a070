import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planDispatch } from '../src/index.ts';

const now = new Date('2026-12-01T08:00:00Z');
const soon = new Date(now.getTime() + 250);

describe('planDispatch', () => {
  it('sends five or fewer interactively and more than five as one batch', () => {
    const due = { attachments: 0, firstDueAt: now, nextBeginsAt: null };
    expect(planDispatch(now, { ...due, count: 5 })).toEqual({
      kind: 'send',
      claims: [{ kind: 'interactive', count: 5, which: 'plain' }],
    });
    expect(planDispatch(now, { ...due, count: 6 })).toEqual({
      kind: 'send',
      claims: [{ kind: 'batch', count: 6, which: 'any' }],
    });
  });

  it('lets a few linger for neighbours, but never more than five', () => {
    expect(planDispatch(now, { count: 3, attachments: 0, firstDueAt: soon, nextBeginsAt: null })).toEqual({
      kind: 'wait',
      until: soon,
    });
    expect(planDispatch(now, { count: 6, attachments: 0, firstDueAt: soon, nextBeginsAt: null }).kind).toBe(
      'send',
    );
  });

  it('sends attachments as a batch however few they are', () => {
    expect(planDispatch(now, { count: 4, attachments: 1, firstDueAt: now, nextBeginsAt: null })).toEqual({
      kind: 'send',
      claims: [
        { kind: 'batch', count: 1, which: 'attachments' },
        { kind: 'interactive', count: 3, which: 'plain' },
      ],
    });
  });

  it('waits for the day of invoices that are dated ahead', () => {
    const nextDay = new Date('2026-12-01T23:00:00Z');
    const nothingYet = { count: 0, attachments: 0, firstDueAt: null };
    expect(planDispatch(now, { ...nothingYet, nextBeginsAt: nextDay })).toEqual({
      kind: 'wait',
      until: nextDay,
    });
    expect(planDispatch(now, { ...nothingYet, nextBeginsAt: null })).toEqual({ kind: 'idle' });
  });

  it('claims exactly what waits, in sessions of at most 10,000, and none of a batch left over to go alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 250_000 }), fc.nat(), (count, some) => {
        const attachments = some % (count + 1);
        const decision = planDispatch(now, { count, attachments, firstDueAt: now, nextBeginsAt: null });
        if (decision.kind !== 'send') throw new Error('due invoices must go');
        expect(decision.claims.reduce((sum, claim) => sum + claim.count, 0)).toBe(count);
        for (const claim of decision.claims) {
          expect(claim.count).toBeLessThanOrEqual(10_000);
          if (claim.kind === 'interactive') expect(claim.count).toBeLessThanOrEqual(5);
          if (count > 5) expect(claim.kind).toBe('batch');
          if (count > 5) expect(claim.count).toBeGreaterThan(5);
        }
      }),
    );
  });
});
