import { type FollowedSession, judgeSession } from '@wsad/domain';
import { BOUND_IDS, MEMBER_IDS } from './bound.ts';
import { type Db, inTransaction } from './db.ts';
import { kept } from './kept-plans.ts';

/**
 * By then even a large session has been judged, where KSeF is well. Moving its invoices costs as much as settling them:
 * that is worth it only for what stays, so that it is passed by often.
 */
const A_MOMENT_MS = 20_000;

/** Null where there is nothing to follow: not closed yet, never known to KSeF, or ended. */
export async function followedSession(db: Db, sessionId: string): Promise<FollowedSession | null> {
  const { rows } = await db.pool.query<FollowedSession>(
    kept(`SELECT id, nip, kind, mode, state, reference, credential_id AS "credentialId", invoice_count AS "invoiceCount",
       closed_at AS "closedAt", polls, poll_failures AS "pollFailures", unknown_looks AS "unknownLooks", judged_at AS "judgedAt",
       receipts_due AS "receiptsDue",
       EXISTS (SELECT FROM found_sessions AS found WHERE found.reference = sessions.reference) AS "foundAtKsef", origins
     FROM sessions WHERE id = $1 AND (state IN ('closed', 'abandoned') OR receipts_due) AND reference IS NOT NULL`),
    [sessionId],
  );
  return rows[0] ?? null;
}

/** One look and what came of it; without a status code it got no answer. */
export async function recordPoll(
  db: Db,
  sessionId: string,
  at: Date,
  statusCode: number | null,
  nextPollAt: Date,
  { unknown = false }: { readonly unknown?: boolean } = {},
): Promise<void> {
  const seen = statusCode === null ? null : judgeSession(statusCode);
  const judged = seen === 'judged' || seen === 'failed';
  const { rows } = await db.pool.query<{ inTheWay: boolean }>(
    kept(`UPDATE sessions SET polled_at = $2, status_code = coalesce($3, status_code), next_poll_at = $4,
       polls = polls + CASE WHEN $3::int IS NULL THEN 0 ELSE 1 END,
       poll_failures = CASE WHEN $3::int IS NULL THEN poll_failures + 1 ELSE 0 END,
       unknown_looks = CASE WHEN $6 THEN unknown_looks + 1 ELSE 0 END,
       judged_at = coalesce(judged_at, CASE WHEN $5 THEN $2::timestamptz END),
       shut_out = CASE WHEN $3::int IS NULL THEN shut_out END
     WHERE id = $1 AND (state IN ('closed', 'abandoned') OR receipts_due)
     RETURNING CASE WHEN $7 AND $2 >= coalesce(closed_at, opened_at) + $8 * interval '1 ms' THEN ${IN_THE_WAY} END AS "inTheWay"`),
    [sessionId, at, statusCode, nextPollAt, judged, unknown, seen === 'working', A_MOMENT_MS],
  );
  if (rows[0]?.inTheWay === true) await outOfTheWay(db, sessionId);
}

/** They leave together, so any of them tells of all: whether they did, whatever became of the looks before. */
const IN_THE_WAY = `(
  SELECT stage = 'open' FROM invoices
  WHERE id = ANY (${MEMBER_IDS}) AND session_id = $1 AND state = 'processing' LIMIT 1)`;

/** Whoever looks for what waits goes through all that is open: what KSeF takes long over leaves it, once. */
async function outOfTheWay(db: Db, sessionId: string): Promise<void> {
  await inTransaction(db.pool, (tx) =>
    tx.query(`UPDATE invoices SET stage = 'atKsef' WHERE id = ANY (${BOUND_IDS}) AND state = 'processing'`, [
      sessionId,
    ]),
  );
}

/** KSeF could not be asked: the look is put off, and counts neither as one nor as a failure. */
export async function postponePoll(db: Db, sessionId: string, nextPollAt: Date): Promise<void> {
  await db.pool.query(
    `UPDATE sessions SET next_poll_at = $2
     WHERE id = $1 AND (state IN ('closed', 'abandoned') OR receipts_due)`,
    [sessionId, nextPollAt],
  );
}

/** SHA-256 (base64) of our own invoice that already has this KSeF number; null where none has. */
export async function hashOfKsefNumber(db: Db, ksefNumber: string): Promise<string | null> {
  const { rows } = await db.pool.query<{ sha256: string }>(
    'SELECT sha256 FROM invoices WHERE ksef_number = $1',
    [ksefNumber],
  );
  return rows[0]?.sha256 ?? null;
}
