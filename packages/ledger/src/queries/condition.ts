/** In what condition the whole is, in numbers that an operator watches: no seller is named. */
import { DEADLINE_THRESHOLDS, type DeadlineThreshold, type HoldCause } from '@wsad/domain';
import { type Connection, connection } from '../connection.ts';
import type { Db } from '../db.ts';
import { waitingDeadlines, waitingUntil } from '../deadlines.ts';
import { SELLERS_WITH_LOGIN } from '../sellers.ts';
import { HELD } from '../stages.ts';
import { fullestBudgets } from './overview/budgets.ts';

export type LoginState = 'none' | 'active' | 'refused' | 'blocked';

/** How much of a group's limit is used by whoever uses most of it: 1 is all. */
export interface BudgetUse {
  readonly group: string;
  readonly windowSeconds: number;
  readonly ratio: number;
}

export interface LedgerCondition {
  readonly heldByCause: Partial<Record<HoldCause, number>>;
  /** Sellers by how their login stands. */
  readonly logins: Readonly<Record<LoginState, number>>;
  /** Waiting invoices by the nearest threshold that their deadline has come under. */
  readonly deadlines: Readonly<Record<DeadlineThreshold, number>>;
  readonly budgets: readonly BudgetUse[];
  readonly connection: Connection['state'];
  /** Sellers whose sending is paused: each by itself, or all at once. */
  readonly pausedSellers: number;
  readonly reconcilingSellers: number;
}

export async function condition(db: Db, now: Date): Promise<LedgerCondition> {
  return {
    heldByCause: await heldByCause(db),
    ...(await sellersByState(db)),
    deadlines: await deadlinesByThreshold(db, now),
    budgets: await fullestOfEachGroup(db, now),
    connection: (await connection(db, now)).state,
  };
}

async function heldByCause(db: Db): Promise<LedgerCondition['heldByCause']> {
  const { rows } = await db.pool.query<{ cause: HoldCause; invoices: number }>(
    `SELECT hold_cause AS cause, count(*)::int AS invoices FROM invoices WHERE ${HELD} GROUP BY hold_cause`,
  );
  return Object.fromEntries(rows.map(({ cause, invoices }) => [cause, invoices]));
}

type SellerCounts = Pick<LedgerCondition, 'logins' | 'pausedSellers' | 'reconcilingSellers'>;

async function sellersByState(db: Db): Promise<SellerCounts> {
  const { rows } = await db.pool.query<Record<LoginState, number> & Omit<SellerCounts, 'logins'>>(
    `SELECT count(*) FILTER (WHERE coalesce(authentications.state, 'none') = 'none')::int AS none,
       count(*) FILTER (WHERE authentications.state = 'active')::int AS active,
       count(*) FILTER (WHERE authentications.state = 'refused')::int AS refused,
       count(*) FILTER (WHERE authentications.state = 'blocked')::int AS blocked,
       count(*) FILTER (WHERE sellers.paused_at IS NOT NULL
         OR EXISTS (SELECT FROM settings WHERE paused_at IS NOT NULL))::int AS "pausedSellers",
       (SELECT count(*)::int FROM reconciliations WHERE done_at IS NULL) AS "reconcilingSellers"
     ${SELLERS_WITH_LOGIN}`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a count is always answered');
  const { pausedSellers, reconcilingSellers, ...logins } = row;
  return { logins, pausedSellers, reconcilingSellers };
}

async function deadlinesByThreshold(db: Db, now: Date): Promise<LedgerCondition['deadlines']> {
  const waiting = await waitingDeadlines(db, null);
  const counted = DEADLINE_THRESHOLDS.map((threshold) => [
    threshold,
    waitingUntil(waiting, [threshold], now),
  ]);
  return Object.fromEntries(counted);
}

async function fullestOfEachGroup(db: Db, now: Date): Promise<BudgetUse[]> {
  const fullest = new Map<string, BudgetUse>();
  for (const { group, windowSeconds, used, limit } of await fullestBudgets(db, null, now)) {
    const key = `${group} ${windowSeconds}`;
    // They come fullest first.
    if (!fullest.has(key)) fullest.set(key, { group, windowSeconds, ratio: used / limit });
  }
  return [...fullest.values()];
}
