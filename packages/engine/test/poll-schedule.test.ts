import { LOOKS_TO_SPARE } from '@wsad/domain';
import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JudgingTime, usualFromMs, usualUntilMs, withJudged } from '../src/judging-time.ts';
import { type Knowledge, nextLookDelayMs, nextPollDelayMs, steadyLookDelayMs } from '../src/poll-schedule.ts';

seeded();

const NEW: Knowledge = { usual: null, ...LOOKS_TO_SPARE };
const BUSY: Knowledge = { ...NEW, spare: false };
const untold = (workedMs: number) => ({ workedMs, judged: 0, total: 0 });

/** Moments of all looks up to the one that finds what is judged after `tookMs`. */
function looksUntil(tookMs: number, knowledge: Knowledge | (() => Knowledge)): number[] {
  const moments: number[] = [];
  for (let at = 0; at < tookMs; moments.push(at))
    at += nextLookDelayMs(typeof knowledge === 'function' ? knowledge() : knowledge, untold(at));
  return moments;
}

const idleOf = (tookMs: number, looks: readonly number[]) => (looks.at(-1) ?? 0) - tookMs;

describe('the steady rhythm', () => {
  it('is dense up to the usual second, then ever wider, and once a minute at last', () => {
    const moments = looksUntil(600_000, BUSY);
    expect(moments.filter((at) => at <= 1_000).length).toBe(5);
    expect(moments.filter((at) => at <= 60_000).length).toBeLessThanOrEqual(20);
    const delays = moments.map((at, index) => at - (moments[index - 1] ?? 0));
    expect(delays).toEqual(delays.toSorted((one, other) => one - other));
    expect(delays.at(-1)).toBe(60_000);
  });

  it('goes by moments: whoever looked in between goes on with the next that is not too near', () => {
    expect([0, 100, 120, 200, 950, 1_000].map(steadyLookDelayMs)).toEqual([100, 150, 130, 250, 450, 400]);
    const moments = looksUntil(30_000, BUSY);
    expect(moments).toEqual(moments.map((_, index) => sumOfDelays(index)));
  });

  it('is kept by every session that a minute takes in batches, and by those of an hour, within the calls of both', () => {
    const toTheSecond = looksUntil(1_001, BUSY).length;
    expect(20 * toTheSecond).toBeLessThanOrEqual(120);
    expect(60 * toTheSecond + 120 * looksUntil(300, BUSY).length).toBeLessThanOrEqual(1_200);
  });

  it('leaves room in the hour for those that come once half of it went on closer looks', () => {
    const half = 1_200 / 2;
    const looked = Math.floor(half / looksUntil(2_000, NEW).length);
    const afterwards = (60 - looked) * looksUntil(2_000, BUSY).length + 120 * looksUntil(300, BUSY).length;
    expect(half + afterwards).toBeLessThanOrEqual(1_200);
  });
});

function sumOfDelays(last: number): number {
  return Array.from({ length: last + 1 }, (_, polls) => nextPollDelayMs(polls)).reduce((sum, ms) => sum + ms);
}

describe('while nobody knows how long KSeF takes', () => {
  it('a verdict of the first two seconds is seen within a tenth of a second, or of the time it took', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 2_000 }), (tookMs) => {
        const looks = looksUntil(tookMs, NEW);
        expect(idleOf(tookMs, looks)).toBeLessThanOrEqual(Math.max(100, tookMs / 10));
        expect(looks.length).toBeLessThanOrEqual(21);
      }),
    );
  });

  it('the mean time between verdict and look is below 80 ms', () => {
    const times = Array.from({ length: 190 }, (_, index) => 100 + 10 * index);
    const idle = times.map((tookMs) => idleOf(tookMs, looksUntil(tookMs, NEW)));
    expect(idle.reduce((sum, ms) => sum + ms) / idle.length).toBeLessThan(80);
  });

  it('where calls are scarce looks keep to the rhythm', () => {
    expect(looksUntil(2_000, BUSY)).toEqual([100, 250, 450, 700, 1_000, 1_400, 2_000]);
  });
});

describe('once sessions of this size have been judged', () => {
  /** Looks at one session after another, each judged after the next time given. */
  function follow(times: readonly number[]): { looks: number; idle: number }[] {
    let usual: JudgingTime | null = null;
    return times.map((tookMs) => {
      const looks = looksUntil(tookMs, { ...NEW, usual });
      usual = withJudged(usual, looks.at(-1) ?? 0);
      return { looks: looks.length, idle: idleOf(tookMs, looks) };
    });
  }
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

  it.each([150, 300, 1_000, 1_700])(
    '(%i ms, a tenth more or less) few looks find verdicts soon',
    (usualMs) => {
      const times = fc.sample(fc.integer({ min: usualMs - usualMs / 10, max: usualMs + usualMs / 10 }), {
        numRuns: 300,
      });
      const late = follow(times).slice(20);
      expect(mean(late.map(({ idle }) => idle))).toBeLessThan(80);
      expect(mean(late.map(({ looks }) => looks))).toBeLessThan(5);
    },
  );

  it('a KSeF that has become quicker is noticed within a few sessions, and one that has become slower, too', () => {
    const course = follow([...Array(30).fill(1_500), ...Array(30).fill(300), ...Array(30).fill(1_500)]);
    expect(mean(course.slice(40, 60).map(({ idle }) => idle))).toBeLessThan(80);
    expect(mean(course.slice(70).map(({ idle }) => idle))).toBeLessThan(90);
  });

  it('one that was seen far too late says little of the next', () => {
    const known = [300, 310, 290, 45_000].reduce<JudgingTime | null>(withJudged, null);
    expect(known?.meanMs).toBeLessThan(500);
    const looks = looksUntil(300, { ...NEW, usual: known });
    expect(idleOf(300, looks)).toBeLessThan(100);
  });

  it('where calls are scarce one look more sees what comes just after the usual moment', () => {
    const usual = { meanMs: 2_040, spreadMs: 10 };
    expect(looksUntil(2_045, { ...BUSY, usual }).slice(-2)).toEqual([1_990, 2_090]);
    expect(looksUntil(2_095, { ...BUSY, usual }).slice(-2)).toEqual([2_090, 2_800]);
  });

  it('looks never come later than the rhythm where the usual time is long, and never over each other', () => {
    const usual = fc.record({
      meanMs: fc.integer({ min: 0, max: 60_000 }),
      spreadMs: fc.integer({ min: 0, max: 20_000 }),
    });
    fc.assert(
      fc.property(usual, fc.integer({ min: 0, max: 120_000 }), fc.boolean(), (known, workedMs, spare) => {
        const delayMs = nextLookDelayMs({ ...NEW, usual: known, spare }, untold(workedMs));
        expect(delayMs).toBeGreaterThan(0);
        expect(workedMs + delayMs).toBeLessThanOrEqual(
          Math.max(2_000, workedMs + steadyLookDelayMs(workedMs)),
        );
        expect(usualFromMs(known)).toBeLessThan(usualUntilMs(known));
      }),
    );
  });
});

describe('by its own counts', () => {
  it.each([
    ['nothing is judged yet', { workedMs: 4_000, judged: 0, total: 10_000 }, 1_300],
    ['counts are not told', { workedMs: 4_000, judged: 0, total: 0 }, 1_300],
    ['little is judged', { workedMs: 4_000, judged: 1_000, total: 10_000 }, 1_300],
    ['most is judged', { workedMs: 2_000, judged: 9_000, total: 12_000 }, 666.67],
    ['all is judged, and the UPO is being made', { workedMs: 4_000, judged: 10_000, total: 10_000 }, 800],
    ['it goes fast', { workedMs: 450, judged: 500, total: 500 }, 200],
    ['more is told than was sent', { workedMs: 4_000, judged: 20, total: 10 }, 800],
  ])('a session is looked at sooner, never later: %s', (_, progress, delayMs) => {
    expect(nextLookDelayMs(BUSY, progress)).toBeCloseTo(delayMs, 1);
  });

  it('a small session is looked at at once that is nearly judged, where the calls allow for it', () => {
    const nearly = { workedMs: 200, judged: 400, total: 500 };
    expect(nextLookDelayMs(NEW, nearly)).toBe(50);
    expect(nextLookDelayMs(BUSY, nearly)).toBe(200);
  });

  it('looks come no more often than every fifth of the time waited, where all is judged and it is not done', () => {
    let looks = 1;
    for (let workedMs = 100; workedMs < 60_000; looks += 1)
      workedMs += nextLookDelayMs(BUSY, { workedMs, judged: 500, total: 500 });
    expect(looks).toBeLessThanOrEqual(35);
  });
});
