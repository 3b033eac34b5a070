import { expect, it } from 'vitest';
import { diskFailureOf, tellJobFailure, type WsadEvent } from '../src/index.ts';

const coded = (code: string, cause?: unknown) =>
  Object.assign(new Error(`${code} it says`, { cause }), { code });

it.each([
  ['53100', 'ledger', 'full'],
  ['58030', 'ledger', 'broken'],
  ['ENOSPC', 'files', 'full'],
  ['EIO', 'files', 'broken'],
  ['EROFS', 'files', 'broken'],
])('%s is told as what it is, also beneath other errors', (code, disk, why) => {
  const failure = { disk, why };
  expect(diskFailureOf(coded(code))).toEqual(failure);
  expect(diskFailureOf(coded('OTHER', coded(code)))).toEqual(failure);
  expect(diskFailureOf(new AggregateError([new Error('x'), coded(code)]))).toEqual(failure);
  const told: WsadEvent[] = [];
  tellJobFailure((event) => told.push(event), 'send', coded(code));
  const message = `${code} it says`;
  expect(told).toEqual([
    { type: 'job.failed', queue: 'send', message },
    { type: 'disk.failed', ...failure, message },
  ]);
});

it('what is about no disk is a failure like any other', () => {
  for (const error of [coded('ECONNRESET'), coded('XX001'), new Error('EIO'), 'EIO', null, undefined])
    expect(diskFailureOf(error)).toBeNull();
  const told: WsadEvent[] = [];
  tellJobFailure((event) => told.push(event), 'send', 'a thrown text');
  expect(told).toEqual([{ type: 'job.failed', queue: 'send', message: 'a thrown text' }]);
});
