import type { RateLimit } from './groups.ts';

export type Exceeded = { limit: number; unit: string; retryAfterS: number };

/** Arrivals within the last second, minute and hour. */
export type SlidingWindow = {
  /** Counts an arrival at nowMs, or tells which limit it would exceed; a refused arrival is not counted. */
  take(nowMs: number, limit: RateLimit): Exceeded | null;
};

const HOUR_MS = 3_600_000;
const RETRY_AFTER_MAX_S = 3_600;
const spans = [
  { field: 'perSecond', ms: 1_000, unit: 'sekundę' },
  { field: 'perMinute', ms: 60_000, unit: 'minutę' },
  { field: 'perHour', ms: HOUR_MS, unit: 'godzinę' },
] as const;

export function createSlidingWindow(): SlidingWindow {
  let arrivals: number[] = [];
  let strikes = 0;
  let block: { untilMs: number; by: Exceeded } | null = null;

  function take(nowMs: number, limit: RateLimit): Exceeded | null {
    if (block !== null && nowMs < block.untilMs) return stillBlocked(nowMs, block);
    const exceeded = exceededAt(nowMs, limit);
    if (exceeded !== null) return strike(nowMs, exceeded);
    arrivals = within(nowMs, HOUR_MS);
    arrivals.push(nowMs);
    return null;
  }

  function stillBlocked(nowMs: number, current: { untilMs: number; by: Exceeded }): Exceeded {
    return { ...current.by, retryAfterS: Math.ceil((current.untilMs - nowMs) / 1_000) };
  }

  /** Every further excess within an hour of the last block doubles the wait, and the wait is enforced. */
  function strike(nowMs: number, exceeded: Exceeded): Exceeded {
    const fresh = block === null || nowMs - block.untilMs > HOUR_MS;
    strikes = fresh ? 0 : strikes + 1;
    const retryAfterS = Math.min(exceeded.retryAfterS * 2 ** strikes, RETRY_AFTER_MAX_S);
    const by = { ...exceeded, retryAfterS };
    block = { untilMs: nowMs + retryAfterS * 1_000, by };
    return by;
  }

  function exceededAt(nowMs: number, limit: RateLimit): Exceeded | null {
    for (const { field, ms, unit } of spans) {
      const allowed = limit[field];
      const recent = countWithin(nowMs, ms);
      if (recent < allowed) continue;
      const leavesAtMs = (arrivals[arrivals.length - allowed] ?? nowMs) + ms;
      return { limit: allowed, unit, retryAfterS: Math.max(1, Math.ceil((leavesAtMs - nowMs) / 1_000)) };
    }
    return null;
  }

  function countWithin(nowMs: number, spanMs: number): number {
    let first = arrivals.length;
    while (first > 0 && (arrivals[first - 1] ?? 0) > nowMs - spanMs) first -= 1;
    return arrivals.length - first;
  }

  function within(nowMs: number, spanMs: number): number[] {
    const first = arrivals[0];
    if (first === undefined || first > nowMs - spanMs) return arrivals;
    return arrivals.slice(arrivals.length - countWithin(nowMs, spanMs));
  }

  return { take };
}
