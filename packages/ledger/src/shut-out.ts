/**
 * Sessions at KSeF that it lets no login of the seller see or close: it has not the right (403), or is refused itself.
 * Their invoices may be cleared at any time, so they are not held: the session says what is missing, and a login that
 * begins anew is asked whether it may.
 */
import { type Db, inTransaction, storable, type Tx } from './db.ts';
import { recordEvent } from './events.ts';

/** In KSeF's words when it began, with a line in the timeline of the session and its invoices. */
export async function recordShutOut(db: Db, sessionId: string, why: string, at: Date): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    const { rows } = await tx.query<{ nip: string }>(
      `UPDATE sessions SET shut_out = $2
       WHERE id = $1 AND state IN ('opened', 'closing', 'closed', 'abandoned') AND shut_out IS NULL RETURNING nip`,
      [sessionId, storable(why)],
    );
    for (const { nip } of rows)
      await recordEvent(tx, { at, type: 'session.shutOut', nip, sessionId, detail: { why } });
  });
}

/** All of the seller's are due at once. */
export async function askForShutOut(tx: Tx, nip: string, now: Date): Promise<void> {
  await tx.query(
    `UPDATE sessions SET send_after = NULL, next_poll_at = CASE WHEN next_poll_at IS NOT NULL THEN $2::timestamptz END
     WHERE nip = $1 AND shut_out IS NOT NULL AND ended_at IS NULL`,
    [nip, now],
  );
}
