import { type Connection, connectionsOf } from '../connection.ts';
import type { Db } from '../db.ts';
import type { Page } from './invoices-page.ts';
import { type SellerStanding, sellerStandings } from './seller-standing.ts';
import { type VisibleSellers, visibleNips } from './visible.ts';

export interface SellerRecord extends SellerStanding {
  readonly connection: Pick<Connection, 'state' | 'lastError'>;
}

/** A call whose invoices were all refused leaves a seller behind, mostly a NIP that was mistaken for another. */
const NAMED_FOR_GOOD = `(sellers.shared_name IS NOT NULL OR sellers.paused_at IS NOT NULL
  OR EXISTS (SELECT FROM credentials AS own WHERE own.nip = sellers.nip AND own.retired_at IS NULL)
  OR EXISTS (SELECT FROM invoices WHERE invoices.nip = sellers.nip))`;

/** Sellers whose NIP begins with `prefix`, by NIP, from the one after `afterNip`. */
export async function sellersPage(
  db: Db,
  sellers: VisibleSellers,
  afterNip: string | null,
  limit: number,
  now: Date,
  prefix = '',
): Promise<Page<SellerRecord>> {
  const found = await sellerStandings(
    db,
    `($1::text[] IS NULL OR sellers.nip = ANY ($1)) AND ($2::text IS NULL OR sellers.nip > $2)
       AND sellers.nip LIKE $4 || '%' AND ${NAMED_FOR_GOOD} ORDER BY sellers.nip LIMIT $3`,
    [visibleNips(sellers), afterNip, limit + 1, prefix],
    now,
  );
  const standings = found.slice(0, limit);
  const connections = await connectionsOf(
    db,
    now,
    standings.map(({ nip }) => nip),
  );
  const items = standings.flatMap((standing) => {
    const connection = connections.get(standing.nip);
    return connection === undefined ? [] : [{ ...standing, connection }];
  });
  return { items, nextCursor: found.length > limit ? (items.at(-1)?.nip ?? null) : null };
}
