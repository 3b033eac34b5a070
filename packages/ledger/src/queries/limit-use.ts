import { DOCUMENTED_RATE_LIMITS, type GroupLimits } from '@wsad/domain';
import type { Db } from '../db.ts';
import { rateLimits } from '../rate-limits.ts';

/** How full one window of one group is. */
export interface LimitUse {
  readonly group: string;
  readonly used: number;
  readonly limit: number;
  readonly windowSeconds: number;
}

interface CounterUse {
  name: string;
  second: number;
  minute: number;
  hour: number;
}

/** Use of every window in force for a seller. Where a group counts each endpoint by itself, the fullest is told. */
export async function limitUse(db: Db, nip: string, now: Date): Promise<LimitUse[]> {
  const inForce = (await rateLimits(db, nip))?.limits ?? DOCUMENTED_RATE_LIMITS;
  const { rows } = await db.pool.query<CounterUse>(
    `SELECT substring(counter FROM position('|' IN counter) + 1) AS name,
       count(*) FILTER (WHERE answered_at IS NULL OR answered_at > $2::timestamptz - interval '1 second')::int AS second,
       count(*) FILTER (WHERE answered_at IS NULL OR answered_at > $2::timestamptz - interval '1 minute')::int AS minute,
       count(*)::int AS hour
     FROM (
       SELECT counter, answered_at FROM call_slots
       WHERE counter >= $1 || '@' AND counter < $1 || 'A' AND answered_at > $2::timestamptz - interval '1 hour'
       UNION ALL
       SELECT counter, answered_at FROM call_slots
       WHERE counter >= $1 || '@' AND counter < $1 || 'A' AND answered_at IS NULL
     ) AS charged GROUP BY name`,
    [nip, now],
  );
  return Object.entries(inForce).flatMap(([group, limits]) => windowsOf(group, limits, rows));
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
