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

const byPostgres = (code: string, file: string, routine: string) =>
  Object.assign(coded(code), { file, routine });

it('a file that PostgreSQL may not write, or a quota that it has no code for, is told by where it found out', () => {
  const broken = { disk: 'ledger', why: 'broken' };
  for (const file of ['md.c', 'fd.c', 'xlog.c', 'slru.c', 'buffile.c'])
    expect(diskFailureOf(byPostgres('42501', file, 'any'))).toEqual(broken);
  expect(diskFailureOf(byPostgres('42501', 'aclchk.c', 'aclcheck_error'))).toBeNull();
  const full = { disk: 'ledger', why: 'full' };
  expect(diskFailureOf(byPostgres('XX000', 'md.c', 'mdzeroextend'))).toEqual(full);
  expect(diskFailureOf(byPostgres('XX000', 'md.c', 'mdopenfork'))).toBeNull();
  expect(diskFailureOf(byPostgres('54000', 'md.c', 'mdextend'))).toBeNull();
});

it('errors that name each other are looked at once', () => {
  const [one, other] = [new Error('one'), new Error('other')];
  one.cause = other;
  other.cause = one;
  expect(diskFailureOf(one)).toBeNull();
  const all = new AggregateError([one]);
  all.errors.push(all, coded('EIO'));
  expect(diskFailureOf(all)).toEqual({ disk: 'files', why: 'broken' });
});

it.each(['constructor', '__proto__', 'toString'])('%s is no code of a disk', (code) => {
  expect(diskFailureOf(coded(code))).toBeNull();
});

it('what is about no disk is a failure like any other', () => {
  for (const error of [coded('ECONNRESET'), coded('XX001'), new Error('EIO'), 'EIO', null, undefined])
    expect(diskFailureOf(error)).toBeNull();
  const told: WsadEvent[] = [];
  tellJobFailure((event) => told.push(event), 'send', 'a thrown text');
  expect(told).toEqual([{ type: 'job.failed', queue: 'send', message: 'a thrown text' }]);
});
