import type { RateLimits } from '@wsad/domain';
import { z } from 'zod';
import type { Db, Tx } from './db.ts';
import { kept } from './kept-plans.ts';

const limitsSchema = z.record(
  z.string(),
  z.object({
    perSecond: z.number(),
    perMinute: z.number().optional(),
    perHour: z.number().optional(),
  }),
);

export interface LimitsInForce {
  readonly limits: RateLimits;
  readonly readAt: Date;
}

/** The limits that KSeF named for this seller; null until they have been read. */
export async function rateLimits(
  db: { readonly pool: Db['pool'] | Tx },
  nip: string,
): Promise<LimitsInForce | null> {
  const { rows } = await db.pool.query<{ limits: unknown; read_at: Date }>(
    kept('SELECT limits, read_at FROM rate_limits WHERE nip = $1'),
    [nip],
  );
  const [row] = rows;
  return row === undefined ? null : { limits: limitsSchema.parse(row.limits), readAt: row.read_at };
}

/** By seller, of those whose limits have been read. */
export async function rateLimitsOf(db: Db, nips: readonly string[]): Promise<Map<string, RateLimits>> {
  const { rows } = await db.pool.query<{ nip: string; limits: unknown }>(
    'SELECT nip, limits FROM rate_limits WHERE nip = ANY ($1)',
    [nips],
  );
  return new Map(rows.map(({ nip, limits }) => [nip, limitsSchema.parse(limits)]));
}

export async function saveRateLimits(db: Db, nip: string, limits: RateLimits, now: Date): Promise<void> {
  await db.pool.query(
    kept(`INSERT INTO rate_limits (nip, limits, read_at) VALUES ($1, $2, $3)
      ON CONFLICT (nip) DO UPDATE SET limits = excluded.limits, read_at = excluded.read_at`),
    [nip, JSON.stringify(limits), now],
  );
}

/** A 429 that our own counting did not foresee: KSeF may have changed the limits, and is asked for them. */
export async function distrustRateLimits(db: Db, nip: string): Promise<void> {
  await db.pool.query(`UPDATE rate_limits SET read_at = 'epoch' WHERE nip = $1`, [nip]);
}

export async function rateLimitsReadAt(db: Db, nip: string): Promise<Date | null> {
  return (await rateLimits(db, nip))?.readAt ?? null;
}
