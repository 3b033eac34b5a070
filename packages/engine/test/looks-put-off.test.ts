import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Knowledge, nextLookDelayMs } from '../src/poll-schedule.ts';
import { followAll, type JudgedSession } from './support/looks-model.ts';

seeded();

const MINUTE_MS = 60_000;
const LATE_MS_MAX = 10 * MINUTE_MS;

/** `count` of them, one each so often. */
function sessions(count: number, everyMs: number, tookMs: (index: number) => number, fromMs = 0) {
  return Array.from(
    { length: count },
    (_, index): JudgedSession => ({ closedMs: fromMs + index * everyMs, tookMs: tookMs(index) }),
  );
}

/** How late the verdict on a session is seen while nothing that is known of it changes. */
function lateWith(knowledge: Knowledge, tookMs: number): number {
  let workedMs = 0;
  while (workedMs < tookMs) workedMs += nextLookDelayMs(knowledge, { workedMs, judged: 0, total: 0 });
  return workedMs - tookMs;
}

const latest = (all: readonly JudgedSession[]) => Math.max(...followAll(all).lateMs);

describe('a verdict is never seen long after it is there', () => {
  it('within a minute, of the twenty batches that a minute takes, while nothing is known of them yet', () => {
    const tookMs = fc.integer({ min: 100, max: 120_000 });
    const everyMs = fc.integer({ min: 0, max: 3_000 });
    fc.assert(
      fc.property(tookMs, everyMs, (took, every) => {
        const burst = sessions(20, every, (index) => took * (1 + index / 200));
        expect(latest(burst)).toBeLessThanOrEqual(MINUTE_MS);
      }),
      { endOnFailure: true },
    );
  });

  it('within a minute, of one session, where others used half of the calls of the hour', () => {
    const alone = { spare: false, forEach: 600 / (1 + 1), usual: null };
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 30 * MINUTE_MS }), (tookMs) => {
        expect(lateWith(alone, tookMs)).toBeLessThanOrEqual(MINUTE_MS);
      }),
    );
  });

  it('soon, where calls run short and two for each session are left, if it came at the usual time', () => {
    const usual = { meanMs: 120_000, spreadMs: 5_000 };
    const short = { spare: false, usual };
    expect(lateWith({ ...short, forEach: 3.7 }, 120_000)).toBe(20_000);
    expect(lateWith({ ...short, forEach: 2 }, 120_000)).toBe(20_000);
    expect(lateWith({ ...short, forEach: 1.9 }, 120_000)).toBeGreaterThan(MINUTE_MS);
  });

  it.each([1, 2, 5, 10, 30, 60, 120])(
    'within ten minutes, of the most sessions that two hours take, each judged within %i s or so',
    (tookS) => {
      const took = (index: number) => tookS * 1_000 * (1 + (index % 10) / 20);
      const steady = [...sessions(120, MINUTE_MS, took), ...sessions(240, MINUTE_MS / 2, took)];
      expect(latest(steady)).toBeLessThanOrEqual(LATE_MS_MAX);
    },
  );

  it('within ten minutes, however they come and however long they take, up to two minutes', () => {
    const hour = fc.record({
      everyMs: fc.integer({ min: 3_000, max: MINUTE_MS }),
      everyOnlineMs: fc.integer({ min: 2_000, max: MINUTE_MS / 2 }),
      tookMs: fc.integer({ min: 200, max: 120_000 }),
    });
    fc.assert(
      fc.property(fc.tuple(hour, hour), (hours) => {
        const took = (tookMs: number) => (index: number) => tookMs * (1 + (index % 7) / 20);
        const [first, second] = hours;
        // Each begins an hour after the one that it follows by as many as KSeF lets begin in an hour.
        const everyMs = Math.max(first.everyMs, second.everyMs);
        const everyOnlineMs = Math.max(first.everyOnlineMs, second.everyOnlineMs);
        const all = [
          ...sessions(60, first.everyMs, took(first.tookMs)),
          ...sessions(120, first.everyOnlineMs, took(first.tookMs)),
          ...sessions(60, everyMs, took(second.tookMs), 61 * MINUTE_MS),
          ...sessions(120, everyOnlineMs, took(second.tookMs), 61 * MINUTE_MS),
        ];
        expect(latest(all)).toBeLessThanOrEqual(LATE_MS_MAX);
      }),
      { numRuns: 10, endOnFailure: true },
    );
  });
});
