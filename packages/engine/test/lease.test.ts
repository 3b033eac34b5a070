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
  const renewals = async (): Promise<number> => {
    await vi.advanceTimersByTimeAsync(RENEWAL_MS);
    return asked.length;
  };
  return { lease, asked, renewals };
}

it('renews a lease four times in its length', async () => {
  const { lease, asked, renewals } = slowLedger();
  for (const count of [1, 2, 3, 4]) {
    expect(await renewals()).toBe(count);
    asked.at(-1)?.resolve(true);
  }
  lease.stop();
  expect(await renewals()).toBe(4);
  expect(lease.signal.aborted).toBe(false);
});

it('lets one without an answer have a tick to itself, and asks anew after it', async () => {
  const { lease, asked, renewals } = slowLedger();
  const counts: number[] = [];
  for (let tick = 0; tick < 5; tick += 1) counts.push(await renewals());
  expect(counts).toEqual([1, 1, 2, 2, 3]);
  asked.at(-1)?.resolve(true);
  expect(await renewals()).toBe(4);
  lease.stop();
});

it('goes on after a failure, and tells when the session is another sender’s', async () => {
  const { lease, asked, renewals } = slowLedger();
  await renewals();
  asked[0]?.reject(new Error('the ledger is away'));
  expect(await renewals()).toBe(2);
  expect(lease.signal.aborted).toBe(false);
  asked[1]?.resolve(false);
  await renewals();
  expect(lease.signal.aborted).toBe(true);
  lease.stop();
});
