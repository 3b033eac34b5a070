import { type Db, inTransaction } from './db.ts';

/** Twice what any lease lasts: one that ends later was taken by a clock that ran ahead. */
const LEASE_MS_MOST = 16_000;
/** The longest that a gate is shut, and that a turn is far. */
const GATE_MS_MOST = 300_000;
const TURN_MS_MOST = 60_000;

/**
 * The clock of the caller was put back to `now`. Moments that lie ahead of it may have been set while it ran ahead, and
 * would be waited for until they come again: they are brought back. What was rightly planned for later is tried early
 * once, which does no harm; who holds a lease by a right clock keeps it.
 */
export async function clockPutBack(db: Db, now: Date): Promise<void> {
  const soon = (ms: number): Date => new Date(now.getTime() + ms);
  await inTransaction(db.pool, async (tx) => {
    await tx.query('UPDATE sessions SET lease_owner = NULL, lease_until = NULL WHERE lease_until > $1', [
      soon(LEASE_MS_MOST),
    ]);
    await tx.query('UPDATE sessions SET send_after = NULL WHERE send_after > $1', [now]);
    await tx.query(`UPDATE sessions SET next_poll_at = $1 WHERE next_poll_at > $1 AND state = 'closed'`, [
      now,
    ]);
    await tx.query(`UPDATE invoices SET due_at = $1 WHERE state = 'accepted' AND due_at > $1`, [now]);
    await tx.query('UPDATE call_slots SET answered_at = $1 WHERE answered_at > $1', [now]);
    await tx.query('UPDATE call_slots SET taken_at = $1 WHERE answered_at IS NULL AND taken_at > $1', [now]);
    await tx.query('UPDATE ksef_gates SET shut_until = $1 WHERE shut_until > $2', [now, soon(GATE_MS_MOST)]);
    await tx.query('UPDATE ksef_gates SET probe_until = NULL WHERE probe_until > $1', [soon(GATE_MS_MOST)]);
    await tx.query('UPDATE ksef_gates SET ramp_from = $1 WHERE ramp_from > $1', [now]);
    await tx.query(
      'UPDATE authentications SET login_owner = NULL, login_until = NULL WHERE login_until > $1',
      [soon(LEASE_MS_MOST)],
    );
    await tx.query('UPDATE turns SET next_at = $1 WHERE next_at > $2', [now, soon(TURN_MS_MOST)]);
    await tx.query('UPDATE idempotency SET expires_at = $1 WHERE status IS NULL AND expires_at > $1', [
      soon(LEASE_MS_MOST),
    ]);
  });
}
