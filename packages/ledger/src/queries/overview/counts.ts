/** How many invoices are in each state. What is under way is counted; what is done was counted when it was done. */
import type { InvoiceState } from '@wsad/domain';
import type { Db } from '../../db.ts';
import { REFUSED, UNFINISHED } from '../../stages.ts';
import { readTallies } from '../../tallies.ts';

export interface OverviewCounts {
  readonly byState: Partial<Record<InvoiceState, number>>;
  readonly inLine: {
    readonly total: number;
    /** When the oldest whose issue day has come was accepted. */
    readonly oldestAt: Date | null;
    /** Whose invoices are in line. */
    readonly sellers: number;
  };
}

export async function overviewCounts(
  db: Db,
  nips: readonly string[] | null,
  now: Date,
): Promise<OverviewCounts> {
  const { rows } = await db.pool.query<CountRow>(UNDER_WAY, [now, nips]);
  const waiting = rows.find(({ state }) => state === 'accepted');
  return {
    byState: {
      ...(nips === null ? await doneOfAll(db) : await doneOf(db, nips)),
      ...statesOf(rows),
    },
    inLine: {
      total: waiting?.invoices ?? 0,
      oldestAt: waiting?.oldest ?? null,
      sellers: waiting?.sellers ?? 0,
    },
  };
}

interface CountRow {
  readonly state: InvoiceState;
  readonly invoices: number;
  readonly oldest: Date | null;
  readonly sellers: number;
}

const UNDER_WAY = `
  SELECT state, sum(invoices)::int AS invoices, min(oldest) AS oldest, count(*)::int AS sellers FROM (
    SELECT nip, state, count(*) AS invoices, min(accepted_at) FILTER (WHERE not_before <= $1) AS oldest FROM invoices
    WHERE ${UNFINISHED} AND ($2::text[] IS NULL OR nip = ANY ($2))
    GROUP BY nip, state
  ) AS of_seller GROUP BY state`;

/** What did not go well is little, and a version before tells no event of it: it is counted. */
const DONE_OF_SELLERS = `
  SELECT state, sum(amount)::int AS invoices FROM seller_tallies WHERE nip = ANY ($1) AND state = 'cleared' GROUP BY state
  UNION ALL
  SELECT stage, count(*)::int FROM invoices WHERE ${REFUSED} AND nip = ANY ($1) GROUP BY stage`;

async function doneOfAll(db: Db): Promise<OverviewCounts['byState']> {
  const { cleared, rejected, withdrawn } = await readTallies(db.pool);
  return withoutNothing({ cleared, rejected, withdrawn });
}

async function doneOf(db: Db, nips: readonly string[]): Promise<OverviewCounts['byState']> {
  const { rows } = await db.pool.query<Pick<CountRow, 'state' | 'invoices'>>(DONE_OF_SELLERS, [nips]);
  return statesOf(rows);
}

function statesOf(rows: readonly Pick<CountRow, 'state' | 'invoices'>[]): OverviewCounts['byState'] {
  return Object.fromEntries(rows.map(({ state, invoices }) => [state, invoices]));
}

function withoutNothing(counts: OverviewCounts['byState']): OverviewCounts['byState'] {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}
