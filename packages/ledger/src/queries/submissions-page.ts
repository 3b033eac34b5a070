import { FINAL_INVOICE_STATES, type InvoiceState, RESTING_INVOICE_STATES } from '@wsad/domain';
import { type Db, jsonText } from '../db.ts';
import { isUuid } from '../ids.ts';
import { type Page, pageOf } from './invoices-page.ts';
import type { SubmissionRecord } from './submission.ts';
import { type VisibleSellers, visibleNips } from './visible.ts';

export type SubmissionSummary = Omit<SubmissionRecord, 'sessions'>;

type ByState = SubmissionRecord['byState'];

type SummaryRow = Omit<SubmissionSummary, 'byState' | 'done'> & { readonly final: ByState | null };

/** Newest first. */
export async function submissionsPage(
  db: Db,
  filter: { readonly nip?: string | undefined },
  sellers: VisibleSellers,
  cursor: string | null,
  limit: number,
): Promise<Page<SubmissionSummary>> {
  const { rows } = await db.pool.query<SummaryRow>(
    `SELECT id, nip, mode, created_at AS "createdAt", total, refused, final_by_state AS final FROM submissions
     WHERE ($1::text[] IS NULL OR nip = ANY ($1)) AND ($2::text IS NULL OR nip = $2) AND ($3::uuid IS NULL OR id < $3)
     ORDER BY id DESC LIMIT $4`,
    [visibleNips(sellers), filter.nip ?? null, cursor !== null && isUuid(cursor) ? cursor : null, limit + 1],
  );
  const { items, nextCursor } = pageOf(rows, limit);
  const counted = await countStates(
    db,
    items.flatMap(({ id, final }) => (final === null ? [id] : [])),
  );
  return {
    items: items.map(({ final, ...rest }) => summaryOf(rest, final ?? counted.get(rest.id) ?? {})),
    nextCursor,
  };
}

function summaryOf(row: Omit<SummaryRow, 'final'>, byState: ByState): SubmissionSummary {
  return { ...row, byState, done: allAmong(byState, RESTING_INVOICE_STATES) };
}

/** Counted once for good where every invoice has come to its end: however long the list, only what is open costs. */
async function countStates(db: Db, ids: readonly string[]): Promise<Map<string, ByState>> {
  const counts = new Map<string, ByState>(ids.map((id) => [id, {}]));
  if (ids.length === 0) return counts;
  const { rows } = await db.pool.query<{ id: string; state: InvoiceState; invoices: number }>(
    `SELECT taken.submission_id AS id, state, count(*)::int AS invoices
     FROM submission_invoices AS taken JOIN invoices ON invoices.id = taken.invoice_id
     WHERE taken.submission_id = ANY ($1::uuid[]) GROUP BY taken.submission_id, state`,
    [ids],
  );
  for (const { id, state, invoices } of rows) counts.set(id, { ...counts.get(id), [state]: invoices });
  await keepFinal(
    db,
    [...counts].filter(([, byState]) => allAmong(byState, FINAL_INVOICE_STATES)),
  );
  return counts;
}

async function keepFinal(db: Db, ended: readonly (readonly [string, ByState])[]): Promise<void> {
  if (ended.length === 0) return;
  await db.pool.query(
    `UPDATE submissions SET final_by_state = counts::jsonb
     FROM unnest($1::uuid[], $2::text[]) AS ended (submission_id, counts) WHERE id = submission_id`,
    [ended.map(([id]) => id), ended.map(([, byState]) => jsonText(byState))],
  );
}

function allAmong(byState: ByState, states: readonly InvoiceState[]): boolean {
  return Object.keys(byState).every((state) => states.some((one) => one === state));
}
