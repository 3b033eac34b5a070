import { expect, it } from 'vitest';
import { Busy, outcomeOf } from '../src/outcomes.ts';
import { nextLookDelayMs, nextPollDelayMs } from '../src/poll-schedule.ts';
import { answered, overLimit, treated } from './support/faults.ts';
import { START } from './support/world.ts';

const inMs = (ms: number): Date => new Date(START.getTime() + ms);

it.each([
  ['a full window', overLimit(START), inMs(1_000)],
  ['somebody else at it', new Busy('logging in', inMs(250)), inMs(250)],
  ['a 429 with Retry-After', answered('openBatch', 429), inMs(1_000)],
  ['a 429 without', treated('wait', 'openBatch', 429), inMs(5_000)],
])('snoozes on %s until it is over', (_, error, until) => {
  expect(outcomeOf(error, START)).toEqual({ kind: 'snooze', until, why: expect.any(String) });
});

it.each([[answered('openBatch', 503)], [new Error('the database went away')], ['a thrown text']])(
  'leaves %s to the queue to retry',
  (error) => {
    expect(outcomeOf(error, START)).toEqual({ kind: 'retry', error: expect.any(Error) });
  },
);

it('looks densely around the usual second, then ever more seldom, at least once a minute', () => {
  const delays = Array.from({ length: 30 }, (_, polls) => nextPollDelayMs(polls));
  const looksBy = (ms: number) => {
    let at = 0;
    return delays.filter((delay) => {
      at += delay;
      return at <= ms;
    }).length;
  };
  expect(looksBy(1_000)).toBeGreaterThanOrEqual(3);
  expect(looksBy(60_000)).toBeLessThanOrEqual(20);
  expect(delays.slice(1).every((delay, index) => delay >= (delays[index] ?? 0))).toBe(true);
  expect(delays.at(-1)).toBe(60_000);
});

it.each([
  ['nothing is judged yet', { workedMs: 4_000, judged: 0, total: 10_000 }, 1_000],
  ['counts are not told', { workedMs: 4_000, judged: 0, total: 0 }, 1_000],
  ['little is judged', { workedMs: 4_000, judged: 1_000, total: 10_000 }, 1_000],
  ['most is judged', { workedMs: 2_000, judged: 9_000, total: 12_000 }, 666.67],
  ['all is judged, and the UPO is being made', { workedMs: 4_000, judged: 10_000, total: 10_000 }, 800],
  ['it goes fast', { workedMs: 400, judged: 500, total: 500 }, 200],
  ['more is told than was sent', { workedMs: 4_000, judged: 20, total: 10 }, 800],
])('looks at a session sooner by its own counts, never later: %s', (_, progress, delayMs) => {
  expect(nextLookDelayMs(8, progress)).toBeCloseTo(delayMs, 1);
});

it('looks no more often than every fifth of the time it has waited, where KSeF judges all and is not done', () => {
  let workedMs = nextPollDelayMs(0);
  let looks = 1;
  for (; workedMs < 60_000; looks += 1)
    workedMs += nextLookDelayMs(looks, { workedMs, judged: 500, total: 500 });
  expect(looks).toBeLessThanOrEqual(30);
});
