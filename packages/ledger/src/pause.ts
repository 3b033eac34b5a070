import { type Db, inTransaction } from './db.ts';
import type { EventType } from './event-types.ts';
import { recordEvent } from './events.ts';

/** Stops sending for one seller; accepting goes on. False where the seller is not known. */
export function pauseSeller(db: Db, nip: string, actor: string, now: Date): Promise<boolean> {
  return setSellerPause(db, nip, now, actor, now, 'seller.paused');
}

export function resumeSeller(db: Db, nip: string, actor: string, now: Date): Promise<boolean> {
  return setSellerPause(db, nip, null, actor, now, 'seller.resumed');
}

/** Stops sending for all sellers. */
export function pauseAll(db: Db, actor: string, now: Date): Promise<void> {
  return setPause(db, now, actor, now, 'system.paused');
}

export function resumeAll(db: Db, actor: string, now: Date): Promise<void> {
  return setPause(db, null, actor, now, 'system.resumed');
}

export async function isPaused(db: Db): Promise<boolean> {
  const { rowCount } = await db.pool.query('SELECT FROM settings WHERE paused_at IS NOT NULL');
  return rowCount !== 0;
}

async function setSellerPause(
  db: Db,
  nip: string,
  pausedAt: Date | null,
  actor: string,
  at: Date,
  type: EventType,
): Promise<boolean> {
  return inTransaction(db.pool, async (tx) => {
    const { rowCount } = await tx.query('UPDATE sellers SET paused_at = $2 WHERE nip = $1', [nip, pausedAt]);
    if (rowCount === 1) await recordEvent(tx, { at, type, actor, nip });
    return rowCount === 1;
  });
}

async function setPause(
  db: Db,
  pausedAt: Date | null,
  actor: string,
  at: Date,
  type: EventType,
): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    await tx.query('UPDATE settings SET paused_at = $1', [pausedAt]);
    await recordEvent(tx, { at, type, actor });
  });
}
