import { type Connection, connection } from '../connection.ts';
import type { Db } from '../db.ts';
import { type SellerDeadlines, sellerDeadlines } from '../deadlines.ts';
import { type LimitUse, limitUse } from './limit-use.ts';
import { nextDispatchAt } from './next-dispatch.ts';
import { type SellerStanding, sellerStandings } from './seller-standing.ts';

export interface SellerStatus extends SellerStanding, SellerDeadlines {
  readonly connection: Connection;
  readonly nextDispatchAt: Date | null;
  readonly limits: readonly LimitUse[];
}

/** Null where the seller is not known. Ask first whether the caller may see it. */
export async function sellerStatus(db: Db, nip: string, now: Date): Promise<SellerStatus | null> {
  const [standing] = await sellerStandings(db, 'sellers.nip = $1', [nip], now);
  if (standing === undefined) return null;
  const { paused, systemPaused, reconciling } = standing;
  return {
    ...standing,
    connection: await connection(db, now, nip),
    ...(await sellerDeadlines(db, nip, now)),
    nextDispatchAt:
      paused || systemPaused || reconciling !== null ? null : await nextDispatchAt(db, nip, now),
    limits: await limitUse(db, nip, now),
  };
}
