import { expect, it } from 'vitest';
import { Busy, outcomeOf } from '../src/outcomes.ts';
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
