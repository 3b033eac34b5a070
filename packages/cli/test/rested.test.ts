import { expect, it } from 'vitest';
import { createRestWatch } from '../src/watch/rested.ts';

const look = (name: string, sizeBytes: number, modifiedMs = 0) => ({ name, sizeBytes, modifiedMs });

it('takes a file once it has stood unchanged for long enough, and no earlier', () => {
  const rest = createRestWatch(2_000);
  expect(rest.rested([look('a.xml', 1)], 0)).toEqual([]);
  expect(rest.rested([look('a.xml', 2)], 1_999)).toEqual([]);
  expect(rest.rested([look('a.xml', 2, 5)], 3_998)).toEqual([]);
  expect(rest.rested([look('a.xml', 2, 5)], 5_997)).toEqual([]);
  expect(rest.rested([look('a.xml', 2, 5), look('b.xml', 1)], 5_998)).toEqual(['a.xml']);
});

it('begins anew with a file that was away', () => {
  const rest = createRestWatch(2_000);
  rest.rested([look('a.xml', 1)], 0);
  rest.rested([], 1_000);
  expect(rest.rested([look('a.xml', 1)], 2_000)).toEqual([]);
});
