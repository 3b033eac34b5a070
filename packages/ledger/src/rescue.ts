import { CALL_PRESUMED_ANSWERED_MS, type Lane } from '@wsad/domain';
import { mayBegin } from './begin.ts';
import { databaseClock } from './database-clock.ts';
import { type Db, inTransaction, type Tx } from './db.ts';
import { recordEvent } from './events.ts';
import { ranOut } from './leases.ts';
import { tidyPageSessions } from './page-sessions.ts';
import { WAITING } from './stages.ts';
import { tidyStaged } from './staging.ts';
import { foldTallies } from './tallies.ts';
import { tidyDeliveries } from './webhook-history.ts';

/** The longest window of KSeF is an hour; twice that is beyond any use. */
const SLOT_KEPT_MS = 7_200_000;
/** A warning on a deadline so long past would be no repetition but a reminder. */
const WARNINGS_KEPT_MS = 90 * 86_400_000;
const TIDY_ROWS_MAX = 10_000;

/**
 * Lanes with an invoice due at `now` of which something may be begun, the longest waiting first. It steps from lane to lane
 * through the index of waiting invoices, so its cost grows with the lanes that wait and with nothing else.
 */
export async function lanesDue(db: Db, now: Date, limit: number): Promise<Lane[]> {
  const { rows } = await db.pool.query<Lane>(
    `WITH RECURSIVE lane AS (
       (SELECT nip, form, mode FROM invoices WHERE stage = 'open' ORDER BY nip, form, mode LIMIT 1)
       UNION ALL
       SELECT following.* FROM lane CROSS JOIN LATERAL (
         SELECT nip, form, mode FROM invoices
         WHERE stage = 'open' AND (nip, form, mode) > (lane.nip, lane.form, lane.mode)
         ORDER BY nip, form, mode LIMIT 1
       ) AS following
     )
     SELECT lane.nip, lane.form, lane.mode FROM lane CROSS JOIN LATERAL (
       SELECT due_at FROM invoices
       WHERE ${WAITING} AND nip = lane.nip AND form = lane.form AND mode = lane.mode
         AND not_before <= $1 AND due_at <= $1
       ORDER BY not_before, id LIMIT 1
     ) AS first
     WHERE ${mayBegin('lane.nip')}
     ORDER BY first.due_at LIMIT $2`,
    [now, limit],
  );
  return rows;
}

/** Sessions that need a sender and have none, the oldest first. What is not opened yet waits while nothing may be begun. */
export async function sessionsToSend(db: Db, now: Date, limit: number): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>(
    `SELECT id FROM sessions
     WHERE state IN ('claimed', 'opened', 'closing') AND ${ranOut('lease_until', '$1')}
       AND (send_after IS NULL OR send_after <= $1)
       AND (state <> 'claimed' OR ${mayBegin('sessions.nip')})
     ORDER BY id LIMIT $2`,
    [now, limit],
  );
  return rows.map((row) => row.id);
}

/** Sessions whose next poll is due, the most overdue first. */
export async function sessionsToFollow(db: Db, now: Date, limit: number): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>(
    `SELECT id FROM sessions WHERE next_poll_at <= $1
     ORDER BY next_poll_at LIMIT $2`,
    [now, limit],
  );
  return rows.map((row) => row.id);
}

/** Throws away what is of no more use, a bounded amount at a time; safe at any time, by any number of processes. */
export async function tidy(db: Db, now: Date, databaseNow?: Date): Promise<void> {
  const shared = databaseNow ?? (await databaseClock(db));
  await tidyCalls(db, now, shared);
  await db.pool.query(
    `DELETE FROM idempotency WHERE (scope, key) IN (
       SELECT scope, key FROM idempotency WHERE expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED
     )`,
    [now, TIDY_ROWS_MAX],
  );
  await db.pool.query('DELETE FROM deadline_warnings WHERE told_at < $1', [
    new Date(now.getTime() - WARNINGS_KEPT_MS),
  ]);
  await tidyPageSessions(db.pool, now);
  await tidyDeliveries(db.pool, now);
  await tidyStaged(db, now, shared);
  await inTransaction(db.pool, async (tx) => {
    await foldTallies(tx);
    await wipeReplacedCredentials(tx, now);
  });
}

/**
 * A clock that runs ahead would forget calls that still count for all: they are kept by the lesser of both clocks. Calls whose
 * maker died are presumed answered for all who count them, also where no further call is made.
 */
async function tidyCalls(db: Db, now: Date, databaseNow: Date): Promise<void> {
  const nowMs = Math.min(now.getTime(), databaseNow.getTime());
  const before = new Date(nowMs - SLOT_KEPT_MS);
  await db.pool.query(
    `UPDATE call_slots SET answered_at = taken_at + $2 * interval '1 ms'
     WHERE answered_at IS NULL AND taken_at <= $1::timestamptz - $2 * interval '1 ms'`,
    [new Date(nowMs), CALL_PRESUMED_ANSWERED_MS],
  );
  await db.pool.query(
    `DELETE FROM call_slots WHERE id IN (
       SELECT id FROM call_slots WHERE answered_at < $1 ORDER BY answered_at LIMIT $2 FOR UPDATE SKIP LOCKED
     )`,
    [before, TIDY_ROWS_MAX],
  );
  await db.pool.query('DELETE FROM call_penalties WHERE until < $1', [new Date(nowMs)]);
}

/**
 * A replaced credential is kept while a session that it opened is not at its end, or one that it found at KSeF is still to
 * be read; then its secret goes for good.
 */
async function wipeReplacedCredentials(tx: Tx, now: Date): Promise<void> {
  const { rows } = await tx.query<{ id: string; nip: string | null; sharedName: string | null }>(
    `UPDATE credentials SET sealed = NULL
     WHERE retired_at IS NOT NULL AND sealed IS NOT NULL AND NOT EXISTS (
       SELECT FROM sessions WHERE credential_id = credentials.id AND state NOT IN ('settled', 'failed')
     ) AND NOT EXISTS (
       SELECT FROM found_sessions JOIN reconciliations USING (nip)
       WHERE credential_id = credentials.id AND read_at IS NULL AND done_at IS NULL
     ) RETURNING id, nip, shared_name AS "sharedName"`,
  );
  await tx.query('DELETE FROM authentications WHERE credential_id = ANY ($1::uuid[])', [
    rows.map((row) => row.id),
  ]);
  for (const { id, nip, sharedName } of rows) {
    const whose = nip === null ? { detail: { id, sharedName } } : { nip, detail: { id } };
    await recordEvent(tx, { at: now, type: 'credentials.wiped', ...whose });
  }
}
