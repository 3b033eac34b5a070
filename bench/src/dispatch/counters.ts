/** KSeF's own count of calls in a simulation: sliding windows over arrivals, per counter. It refuses, and tells it. */
import { chargesFor, type KsefOperation, type RateLimits, type SlidingWindow } from '@wsad/domain';

export interface Counters {
  /** Null where the call is let in; else the first moment at which it would be. */
  call(operation: KsefOperation, nowMs: number): number | null;
  readonly calls: number;
  readonly refused: number;
}

/** `limitsAt`: what it counts by, which may change while it runs. */
export function ksefCounters(limitsAt: (atMs: number) => RateLimits): Counters {
  const arrivals = new Map<string, number[]>();
  let calls = 0;
  let refused = 0;
  return {
    call(operation, nowMs) {
      const charges = chargesFor(operation, limitsAt(nowMs)).filter(({ scope }) => scope === 'context');
      const freeAt = Math.max(
        ...charges.map(({ counter, windows }) => freeAtOf(arrivals.get(counter) ?? [], windows, nowMs)),
      );
      if (freeAt > nowMs) {
        refused += 1;
        return freeAt;
      }
      calls += 1;
      for (const { counter } of charges) arrivals.set(counter, [...(arrivals.get(counter) ?? []), nowMs]);
      return null;
    },
    get calls() {
      return calls;
    },
    get refused() {
      return refused;
    },
  };
}

function freeAtOf(arrivals: readonly number[], windows: readonly SlidingWindow[], nowMs: number): number {
  let freeAt = nowMs;
  for (const { lengthMs, calls } of windows) {
    const leaves = arrivals[arrivals.length - calls];
    if (leaves !== undefined && leaves + lengthMs > nowMs) freeAt = Math.max(freeAt, leaves + lengthMs);
  }
  return freeAt;
}
