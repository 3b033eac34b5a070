/** What goes on, for one page to show: of all sellers, of those that the caller may see, or of one. */
import { type Connection, connection } from '../../connection.ts';
import type { Db } from '../../db.ts';
import { firstDeadlines, type WaitingDeadline } from '../../deadlines.ts';
import { type OverviewActivity, overviewActivity } from './activity.ts';
import { fullestBudgets, type SellerBudget } from './budgets.ts';
import { type OverviewCounts, overviewCounts } from './counts.ts';
import { type LedgerIncident, ledgerIncidents } from './incidents.ts';
import { type SessionUnderWay, sessionsUnderWay } from './sessions.ts';

export interface Overview extends OverviewCounts, OverviewActivity {
  readonly sessions: readonly SessionUnderWay[];
  readonly budgets: readonly SellerBudget[];
  readonly deadlines: readonly WaitingDeadline[];
  readonly incidents: readonly LedgerIncident[];
  readonly connection: Connection;
}

const DEADLINES_TOLD_MAX = 20;

/** `nips`: whose; null for all. */
export async function overview(db: Db, nips: readonly string[] | null, now: Date): Promise<Overview> {
  const [only] = nips?.length === 1 ? nips : [];
  return {
    ...(await overviewCounts(db, nips, now)),
    ...(await overviewActivity(db, nips, now)),
    sessions: await sessionsUnderWay(db, nips),
    budgets: await fullestBudgets(db, nips, now),
    deadlines: await firstDeadlines(db, nips, DEADLINES_TOLD_MAX),
    incidents: await ledgerIncidents(db, nips, now),
    connection: await connection(db, now, only ?? null),
  };
}
