import type { Db } from '../db.ts';
import type { Page } from './invoices-page.ts';
import { type VisibleSellers, visibleNips } from './visible.ts';

export interface SellerRecord {
  readonly nip: string;
  readonly paused: boolean;
  readonly createdAt: Date;
}

/** Sellers by NIP, from the one after `afterNip`. */
export async function sellersPage(
  db: Db,
  sellers: VisibleSellers,
  afterNip: string | null,
  limit: number,
): Promise<Page<SellerRecord>> {
  const { rows } = await db.pool.query<SellerRecord>(
    `SELECT nip, paused_at IS NOT NULL AS paused, created_at AS "createdAt" FROM sellers
     WHERE ($1::text[] IS NULL OR nip = ANY ($1)) AND ($2::text IS NULL OR nip > $2)
     ORDER BY nip LIMIT $3`,
    [visibleNips(sellers), afterNip, limit + 1],
  );
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.nip ?? null) : null };
}
