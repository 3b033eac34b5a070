/** Whose calls to KSeF are nearest to the limits. */
import { DOCUMENTED_RATE_LIMITS } from '@wsad/domain';
import type { Db } from '../../db.ts';
import { rateLimitsOf } from '../../rate-limits.ts';
import { type CounterUse, callsOfWindows, chargedSince, type LimitUse, useOf } from '../limit-use.ts';

export type SellerBudget = LimitUse & { readonly nip: string };

const BUDGETS_TOLD_MAX = 20;

/** The fullest first. A second is over before it is read, so windows of a second are left out. */
export async function fullestBudgets(
  db: Db,
  nips: readonly string[] | null,
  now: Date,
): Promise<SellerBudget[]> {
  const { rows } = await db.pool.query<CounterUse & { nip: string }>(BUSIEST, [now, nips, BUDGETS_TOLD_MAX]);
  const sellers = [...new Set(rows.map(({ nip }) => nip))];
  const named = await rateLimitsOf(db, sellers);
  return sellers
    .flatMap((nip) => {
      const own = rows.filter((row) => row.nip === nip);
      return useOf(named.get(nip) ?? DOCUMENTED_RATE_LIMITS, own).map((use) => ({ nip, ...use }));
    })
    .filter(({ used, windowSeconds }) => used > 0 && windowSeconds > 1)
    .sort((left, right) => right.used / right.limit - left.used / left.limit)
    .slice(0, BUDGETS_TOLD_MAX);
}

/** Of each kind of call those who made the most: nobody else's budget can be fuller, unless KSeF gave them less. */
const BUSIEST = `
  SELECT nip, name, second, minute, hour FROM (
    SELECT *, row_number() OVER (PARTITION BY name ORDER BY minute DESC, nip) AS by_minute,
      row_number() OVER (PARTITION BY name ORDER BY hour DESC, nip) AS by_hour
    FROM (
      SELECT left(counter, 10) AS nip, ${callsOfWindows('$1')}
      FROM (${chargedSince('$1', `counter ~ '^[0-9]{10}@' AND ($2::text[] IS NULL OR left(counter, 10) = ANY ($2))`)}) AS charged
      GROUP BY nip, name
    ) AS used
  ) AS ranked WHERE by_minute <= $3 OR by_hour <= $3`;
