import { DOCUMENTED_RATE_LIMITS, type GroupLimits, type RateLimits } from '@wsad/domain';
import type { Db } from '../db.ts';
import { rateLimits } from '../rate-limits.ts';

/** How full one window of one group is. */
export interface LimitUse {
  readonly group: string;
  readonly used: number;
  readonly limit: number;
  readonly windowSeconds: number;
}

/** Calls charged to one counter of a seller. */
export interface CounterUse {
  readonly name: string;
  readonly second: number;
  readonly minute: number;
  readonly hour: number;
}

/** Use of every window in force for a seller. */
export async function limitUse(db: Db, nip: string, now: Date): Promise<LimitUse[]> {
  const inForce = (await rateLimits(db, nip))?.limits ?? DOCUMENTED_RATE_LIMITS;
  const { rows } = await db.pool.query<CounterUse>(
    `SELECT ${callsOfWindows('$2')}
     FROM (${chargedSince('$2', `counter >= $1 || '@' AND counter < $1 || 'A'`)}) AS charged GROUP BY name`,
    [nip, now],
  );
  return useOf(inForce, rows);
}

/** Columns of `FROM (${chargedSince(…)})`; the parameter is the time it is. */
export function callsOfWindows(now: string): string {
  return `substring(counter FROM position('|' IN counter) + 1) AS name,
    count(*) FILTER (WHERE answered_at IS NULL OR answered_at > ${now}::timestamptz - interval '1 second')::int AS second,
    count(*) FILTER (WHERE answered_at IS NULL OR answered_at > ${now}::timestamptz - interval '1 minute')::int AS minute,
    count(*)::int AS hour`;
}

/** Calls of such counters that still count: under way, or answered within the hour. */
export function chargedSince(now: string, whose: string): string {
  return `SELECT counter, answered_at FROM call_slots
      WHERE ${whose} AND answered_at > ${now}::timestamptz - interval '1 hour'
    UNION ALL
    SELECT counter, answered_at FROM call_slots WHERE ${whose} AND answered_at IS NULL`;
}

/** Where a group counts each endpoint by itself, the fullest is told. */
export function useOf(inForce: RateLimits, counters: readonly CounterUse[]): LimitUse[] {
  return Object.entries(inForce).flatMap(([group, limits]) => windowsOf(group, limits, counters));
}

function windowsOf(group: string, limits: GroupLimits, counters: readonly CounterUse[]): LimitUse[] {
  const mine = counters.filter(({ name }) => name === group || (group === 'other' && name.includes(' ')));
  const use = (
    of: 'second' | 'minute' | 'hour',
    limit: number | undefined,
    windowSeconds: number,
  ): LimitUse[] =>
    limit === undefined
      ? []
      : [{ group, used: Math.max(0, ...mine.map((counter) => counter[of])), limit, windowSeconds }];
  return [
    ...use('second', limits.perSecond, 1),
    ...use('minute', limits.perMinute, 60),
    ...use('hour', limits.perHour, 3600),
  ];
}
