import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keepLease, LEASE_MS } from '../src/lease.ts';
import { testWorld } from './support/world.ts';

const RENEWAL_MS = LEASE_MS / 4;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A ledger that answers each renewal when it is told to. */
function slowLedger() {
  const { world } = testWorld();
  const asked: PromiseWithResolvers<boolean>[] = [];
  const renewLease = () => {
    const renewal = Promise.withResolvers<boolean>();
    asked.push(renewal);
    return renewal.promise;
  };
  const lease = keepLease({ ...world, ledger: { ...world.ledger, renewLease } }, 'session-1', 1);
  /** How many were asked for in the end. */
  const tick = async (): Promise<number> => {
    await vi.advanceTimersByTimeAsync(RENEWAL_MS);
    return asked.length;
  };
  return { lease, asked, tick };
}

it('renews a lease four times in its length', async () => {
  const { lease, asked, tick } = slowLedger();
  for (const count of [1, 2, 3, 4]) {
    expect(await tick()).toBe(count);
    asked.at(-1)?.resolve(true);
  }
  lease.stop();
  expect(await tick()).toBe(4);
  expect(lease.signal.aborted).toBe(false);
});

it('lets one without an answer have a tick to itself, and asks anew after it', async () => {
  const { lease, asked, tick } = slowLedger();
  const counts: number[] = [];
  while (counts.length < 5) counts.push(await tick());
  expect(counts).toEqual([1, 1, 2, 2, 3]);
  // An answer that comes late says nothing of the one that is under way.
  asked[0]?.resolve(true);
  expect(await tick()).toBe(3);
  expect(await tick()).toBe(4);
  asked.at(-1)?.resolve(true);
  expect(await tick()).toBe(5);
  lease.stop();
});

it('goes on after a failure, and tells when the session is another sender’s', async () => {
  const { lease, asked, tick } = slowLedger();
  await tick();
  asked[0]?.reject(new Error('the ledger is away'));
  expect(await tick()).toBe(2);
  expect(lease.signal.aborted).toBe(false);
  asked[1]?.resolve(false);
  await tick();
  expect(lease.signal.aborted).toBe(true);
  lease.stop();
});
