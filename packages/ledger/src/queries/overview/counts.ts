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
  const { rows } = await db.pool.query<CountRow>(
    nips === null ? UNDER_WAY : `${UNDER_WAY} UNION ALL ${DONE_OF_SELLERS}`,
    [now, nips],
  );
  const waiting = rows.find(({ state }) => state === 'accepted');
  return {
    byState: {
      ...(nips === null ? await doneOfAll(db) : doneAmong(rows)),
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
  readonly state: InvoiceState | 'any';
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

/** Totals are kept for all sellers alone. The index of a seller's invoices tells how many it has without a look at them. */
const DONE_OF_SELLERS = `
  SELECT stage, count(*)::int, NULL, 0 FROM invoices
  WHERE ${REFUSED} AND nip = ANY ($2) GROUP BY stage
  UNION ALL
  SELECT 'any', count(*)::int, NULL, 0 FROM invoices WHERE nip = ANY ($2)`;

async function doneOfAll(db: Db): Promise<OverviewCounts['byState']> {
  const { cleared, rejected, withdrawn } = await readTallies(db.pool);
  return withoutNothing({ cleared, rejected, withdrawn });
}

/** Cleared are those that are nothing else. */
function doneAmong(rows: readonly CountRow[]): OverviewCounts['byState'] {
  const counted = (any: boolean): number =>
    rows.filter(({ state }) => (state === 'any') === any).reduce((sum, row) => sum + row.invoices, 0);
  return withoutNothing({ cleared: counted(true) - counted(false) });
}

function statesOf(rows: readonly CountRow[]): OverviewCounts['byState'] {
  return Object.fromEntries(
    rows.flatMap(({ state, invoices }) => (state === 'any' ? [] : [[state, invoices]])),
  );
}

function withoutNothing(counts: OverviewCounts['byState']): OverviewCounts['byState'] {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}
