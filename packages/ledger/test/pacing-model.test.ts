import {
  CALL_PRESUMED_ANSWERED_MS,
  chargesFor,
  earliestCallAt,
  KSEF_OPERATIONS,
  type KsefOperation,
  type RateLimits,
  type Slot,
} from '@wsad/domain';
import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { movingClock } from './support/clock.ts';
import { NOW, newNip } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';

seeded();
let test: TestLedger;
beforeAll(async () => {
  test = await testLedger(8);
});
afterAll(() => test.close());

let egresses = 0;
function newEgress(): string {
  egresses += 1;
  return `198.51.100.${egresses}`;
}

const SMALL: RateLimits = {
  batchSession: { perSecond: 2, perMinute: 3, perHour: 5 },
  global: { perSecond: 3, perMinute: 6 },
  anonymous: { perSecond: 4 },
};

describe('take_call', () => {
  const operations = Object.keys(KSEF_OPERATIONS).filter(
    (name): name is KsefOperation => name in KSEF_OPERATIONS,
  );
  const step = fc.record({
    operation: fc.constantFrom(...operations),
    afterMs: fc.constantFrom(0, 1, 300, 999, 1000, 1001, 20_000, 61_000, 130_000, 3_600_000),
    answer: fc.constantFrom('at once', 'next', 'never'),
  });

  it('answers as the pure function does, for any history of calls', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { clock, move, wait } = movingClock();
        const nip = newNip();
        await test.ledger.saveRateLimits(nip, SMALL, NOW);
        const pacer = test.ledger.pacer({ egress: newEgress(), clock, wait, maxWaitMs: -1, clockSkewMs: 0 });
        const model = new SlotModel();
        const answers: (() => Promise<void>)[] = [];
        for (const { operation, afterMs, answer } of steps) {
          move(afterMs);
          for (const answered of answers.splice(0)) await answered();
          const expected = model.earliest(operation, clock());
          const taken = await pacer.take(operation, nip).catch((error: unknown) => error);
          if (expected > clock()) {
            expect(taken).toMatchObject({ at: expected });
            continue;
          }
          const answered = answering(taken, model.take(operation, clock()), clock);
          if (answer === 'at once') await answered();
          if (answer === 'next') answers.push(answered);
        }
      }),
      { numRuns: 60 },
    );
  });
});

interface ModelSlot extends Slot {
  takenAt: Date;
  answeredAt: Date | null;
}

/** The windows as the domain words them, in memory. */
class SlotModel {
  readonly slots = new Map<string, ModelSlot[]>();

  earliest(operation: KsefOperation, now: Date): Date {
    const moments = chargesFor(operation, SMALL).map(({ counter, windows }) => {
      const charged = (this.slots.get(counter) ?? []).map((slot) => ({ answeredAt: presumed(slot, now) }));
      return earliestCallAt(now, charged, windows).getTime();
    });
    return new Date(Math.max(...moments));
  }

  take(operation: KsefOperation, now: Date): ModelSlot {
    const slot: ModelSlot = { takenAt: now, answeredAt: null };
    for (const { counter } of chargesFor(operation, SMALL)) {
      this.slots.set(counter, [...(this.slots.get(counter) ?? []), slot]);
    }
    return slot;
  }
}

function presumed(slot: ModelSlot, now: Date): Date | null {
  if (slot.answeredAt !== null) return slot.answeredAt;
  const at = new Date(slot.takenAt.getTime() + CALL_PRESUMED_ANSWERED_MS);
  return at <= now ? at : null;
}

/** Answers a call in the ledger and in the model alike. */
function answering(taken: unknown, slot: ModelSlot, clock: () => Date): () => Promise<void> {
  if (!isSlot(taken)) throw taken;
  return async () => {
    slot.answeredAt = clock();
    await taken.answered();
  };
}

function isSlot(taken: unknown): taken is { answered(): Promise<void> } {
  return typeof taken === 'object' && taken !== null && 'answered' in taken;
}

describe('many takers at once', () => {
  it('never make more calls than any window allows', async () => {
    const pace = fc.record({
      takers: fc.integer({ min: 2, max: 6 }),
      rounds: fc.integer({ min: 2, max: 6 }),
      answerMs: fc.integer({ min: 0, max: 400 }),
    });
    await fc.assert(
      fc.asyncProperty(pace, async ({ takers, rounds, answerMs }) => {
        const { clock, wait, leave } = sharedTime(takers);
        const egress = newEgress();
        const nip = newNip();
        await test.ledger.saveRateLimits(nip, { batchSession: { perSecond: 2, perMinute: 9 } }, NOW);
        const calls: number[] = [];
        const taker = async (): Promise<void> => {
          const pacer = test.ledger.pacer({ egress, clock, wait, maxWaitMs: 86_400_000, clockSkewMs: 0 });
          for (let round = 0; round < rounds; round += 1) {
            const slot = await pacer.take('openBatch', nip);
            calls.push(clock().getTime());
            await wait(answerMs);
            await slot.answered();
          }
          leave();
        };
        await Promise.all(Array.from({ length: takers }, taker));
        expect(calls).toHaveLength(takers * rounds);
        expect(most(calls, 1000)).toBeLessThanOrEqual(2);
        expect(most(calls, 60_000)).toBeLessThanOrEqual(9);
      }),
      { numRuns: 15 },
    );
  });
});

/** Time for several at once: it moves on to the next waker when all of them wait, and never while one works. */
function sharedTime(takers: number) {
  let ms = NOW.getTime();
  let working = takers;
  const sleepers: { at: number; wake: () => void }[] = [];
  const stopWorking = (): void => {
    working -= 1;
    if (working > 0) return;
    sleepers.sort((left, right) => left.at - right.at);
    const next = sleepers.shift();
    if (next === undefined) return;
    ms = Math.max(ms, next.at);
    working += 1;
    next.wake();
  };
  return {
    clock: () => new Date(ms),
    leave: stopWorking,
    wait: (by: number) =>
      new Promise<void>((wake) => {
        sleepers.push({ at: ms + by, wake });
        stopWorking();
      }),
  };
}

/** The most calls in any window of this length. */
function most(calls: readonly number[], lengthMs: number): number {
  return Math.max(...calls.map((from) => calls.filter((at) => at >= from && at < from + lengthMs).length));
}
