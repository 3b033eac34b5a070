import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_SPACING, planDispatch, type Room, type Waiting } from '../src/index.ts';

const now = new Date('2026-11-16T22:00:00Z');
const inMs = (ms: number): Date => new Date(now.getTime() + ms);

const kindRoom = (sends: fc.Arbitrary<number>) =>
  fc.record({
    sessions: fc.nat({ max: 3 }),
    sends,
    freeAt: fc.integer({ min: 1_000, max: 3_600_000 }).map(inMs),
    spacing: fc.constant(NO_SPACING),
  });
const room: fc.Arbitrary<Room> = fc.record({
  batch: kindRoom(fc.constant(Number.POSITIVE_INFINITY)),
  interactive: kindRoom(fc.nat({ max: 10 })),
});
const waiting: fc.Arbitrary<Waiting> = fc
  .record({
    count: fc.integer({ min: 1, max: 25_000 }),
    small: fc.boolean(),
    dueMs: fc.integer({ min: -1_000, max: 60_000 }),
  })
  .chain(({ count, small, dueMs }) => {
    const some = small ? (count % 5) + 1 : count;
    return fc.nat({ max: Math.min(some, 5) }).map((attachments) => ({
      ...{ count: some, attachments, corrections: 0 },
      firstDueAt: inMs(dueMs),
      nextBeginsAt: null,
    }));
  });

describe('before midnight', () => {
  it('is told what would go anyway, while there is time', () => {
    fc.assert(
      fc.property(waiting, room, (waits, there) => {
        const unhurried = planDispatch(now, waits, there);
        const leavesBy = inMs(7_200_000);
        expect(planDispatch(now, { ...waits, leavesBy }, there)).toEqual(unhurried);
      }),
    );
  });

  it('nobody waits past the moment to leave, while there is time', () => {
    fc.assert(
      fc.property(waiting, room, fc.integer({ min: 1, max: 60_000 }), (waits, there, leftMs) => {
        const leavesBy = inMs(leftMs);
        const decision = planDispatch(now, { ...waits, leavesBy }, there);
        if (decision.kind === 'wait') expect(decision.until <= leavesBy).toBe(true);
      }),
    );
  });

  it('nobody waits for neighbours, or for a place where any session with room will do, once it presses', () => {
    fc.assert(
      fc.property(waiting, room, fc.nat({ max: 600_000 }), (waits, there, sinceMs) => {
        const decision = planDispatch(now, { ...waits, leavesBy: inMs(-sinceMs) }, there);
        const batchRoom = there.batch.sessions > 0;
        if (batchRoom) expect(decision.kind).toBe('send');
        if (decision.kind === 'wait') expect(decision.why).toBe('budget');
        if (decision.kind !== 'send') return;
        const claimed = decision.claims.reduce((sum, claim) => sum + claim.count, 0);
        expect(claimed).toBeGreaterThan(0);
        expect(claimed).toBeLessThanOrEqual(waits.count);
        // The rule of five holds wherever interactive sending has room.
        const plain = waits.count - waits.attachments;
        const interactiveRoom = there.interactive.sessions > 0 && there.interactive.sends >= plain;
        if (waits.count <= 5 && interactiveRoom && plain > 0)
          expect(decision.claims.some(({ kind }) => kind === 'interactive')).toBe(true);
      }),
    );
  });
});
