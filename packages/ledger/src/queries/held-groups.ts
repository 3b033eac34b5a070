import type { HoldCause } from '@wsad/domain';
import type { Db } from '../db.ts';
import { HELD } from '../stages.ts';
import type { Page } from './invoices-page.ts';
import { type VisibleSellers, visibleNips } from './visible.ts';

/** What one cause holds of a seller: a person's one decision. */
export interface HeldGroup {
  readonly nip: string;
  readonly holdCause: HoldCause;
  /** What all of them say; null where they differ, or say nothing. */
  readonly holdDetail: string | null;
  readonly invoices: number;
  readonly oldestAt: Date;
}

/** The group after which a page begins. */
export type HeldGroupKey = Pick<HeldGroup, 'nip'> & { readonly holdCause: string };

/** By seller and cause. */
export async function heldGroups(
  db: Db,
  nip: string | undefined,
  sellers: VisibleSellers,
  after: HeldGroupKey | null,
  limit: number,
): Promise<Page<HeldGroup>> {
  const { rows } = await db.pool.query<HeldGroup>(
    `SELECT nip, hold_cause AS "holdCause", count(*)::int AS invoices, min(held_at) AS "oldestAt",
       CASE WHEN min(coalesce(hold_detail, '')) = max(coalesce(hold_detail, '')) THEN min(hold_detail) END AS "holdDetail"
     FROM invoices
     WHERE ${HELD} AND ($1::text[] IS NULL OR nip = ANY ($1)) AND ($2::text IS NULL OR nip = $2)
       AND ($3::text IS NULL OR (nip, hold_cause) > ($3, $4))
     GROUP BY nip, hold_cause ORDER BY nip, hold_cause LIMIT $5`,
    [visibleNips(sellers), nip ?? null, after?.nip ?? null, after?.holdCause ?? null, limit + 1],
  );
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last === undefined ? null : `${last.nip} ${last.holdCause}` };
}
