import { type KsefVerdict, SENDER_SESSION_STATES, SENDING_ATTEMPTS_MAX } from '@wsad/domain';
import { lockBound } from './bound.ts';
import { type Db, inTransaction, jsonText, storable, type Tx } from './db.ts';
import { TransitionRefused } from './errors.ts';
import { recordEvent, recordInvoicesEvent } from './events.ts';
import { lockUnderFence } from './lease.ts';
import { wipeUploads } from './parts.ts';

/**
 * `claimed`, `opened` or `closing` -> `abandoned`: given up, and KSeF has not closed it. Its invoices go back in line
 * at once, which counts as no attempt. One that KSeF knows of is followed to its end all the same.
 */
export async function abandonSession(
  db: Db,
  sessionId: string,
  fence: number,
  why: string,
  at: Date,
): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    const { state, nip } = await lockUnderFence(tx, sessionId, fence);
    if (state === 'abandoned') return;
    if (!SENDER_SESSION_STATES.includes(state)) {
      throw new TransitionRefused(`session ${sessionId}`, state, 'giving it up');
    }
    await tx.query(
      `UPDATE sessions SET state = 'abandoned', abandoned_why = $2, ended_at = $3, key_sealed = NULL,
         lease_owner = NULL, lease_until = NULL, next_poll_at = CASE WHEN reference IS NOT NULL THEN $3::timestamptz END
       WHERE id = $1`,
      [sessionId, storable(why), at],
    );
    await wipeUploads(tx, sessionId);
    const ids = await lockBound(tx, sessionId);
    await tx.query(
      `UPDATE invoices SET state = 'accepted', session_id = NULL, due_at = $2 WHERE id = ANY ($1::uuid[])`,
      [ids, at],
    );
    await recordEvent(tx, {
      at,
      type: 'session.abandoned',
      nip,
      sessionId,
      detail: { why, invoices: ids.length },
    });
  });
}

/** `opened` or `closing` -> `failed`: KSeF ended the session before it was closed. One it would not open: `abandoned`. */
export async function failUnclosed(
  db: Db,
  sessionId: string,
  fence: number,
  verdict: KsefVerdict,
  at: Date,
): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    const { state, nip } = await lockUnderFence(tx, sessionId, fence);
    if (state === 'failed') return;
    if (!SENDER_SESSION_STATES.includes(state)) {
      throw new TransitionRefused(`session ${sessionId}`, state, 'failing it');
    }
    await endFailed(tx, sessionId, nip, state === 'claimed' ? 'abandoned' : 'failed', verdict, at);
  });
}

/**
 * `closed` -> `failed`: KSeF failed the whole session, so what has no verdict of its own goes again. An `abandoned`
 * one ends as `settled`: its invoices went elsewhere long ago. In any other state somebody has settled it: nothing.
 */
export async function failSession(db: Db, sessionId: string, verdict: KsefVerdict, at: Date): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    const { rows } = await tx.query<{ state: string; nip: string }>(
      'SELECT state, nip FROM sessions WHERE id = $1 FOR UPDATE',
      [sessionId],
    );
    const [session] = rows;
    if (session?.state === 'closed') await endFailed(tx, sessionId, session.nip, 'failed', verdict, at);
    if (session?.state !== 'abandoned') return;
    await endSession(tx, sessionId, 'settled', verdict, at);
    await recordEvent(tx, {
      at,
      type: 'session.settled',
      nip: session.nip,
      sessionId,
      detail: { abandoned: true, code: verdict.code, description: verdict.description },
    });
  });
}

async function endFailed(
  tx: Tx,
  sessionId: string,
  nip: string,
  state: 'failed' | 'abandoned',
  verdict: KsefVerdict,
  at: Date,
): Promise<void> {
  const { again, held } = await sendAgain(tx, sessionId, verdict, at);
  await endSession(tx, sessionId, state, verdict, at);
  await tx.query('UPDATE sessions SET again = again + $2, held = held + $3 WHERE id = $1', [
    sessionId,
    again.length,
    held.length,
  ]);
  await wipeUploads(tx, sessionId);
  await recordInvoicesEvent(tx, held, {
    at,
    type: 'invoice.held',
    nip,
    sessionId,
    detail: { cause: 'session_failed', code: verdict.code },
  });
  await recordEvent(tx, {
    at,
    type: 'session.failed',
    nip,
    sessionId,
    detail: { ...verdict, again: again.length, held: held.length },
  });
}

async function endSession(
  tx: Tx,
  sessionId: string,
  state: 'settled' | 'failed' | 'abandoned',
  verdict: KsefVerdict,
  at: Date,
): Promise<void> {
  await tx.query(
    `UPDATE sessions SET state = $2, ended_at = $3, verdict_code = $4, verdict_description = $5, verdict_details = $6,
       key_sealed = NULL, lease_owner = NULL, lease_until = NULL, next_poll_at = NULL
     WHERE id = $1`,
    [sessionId, state, at, verdict.code, storable(verdict.description), jsonText(verdict.details)],
  );
}

async function sendAgain(
  tx: Tx,
  sessionId: string,
  verdict: KsefVerdict,
  at: Date,
): Promise<{ again: string[]; held: string[] }> {
  const { rows } = await tx.query<{ id: string; state: string }>(
    `UPDATE invoices SET attempts = attempts + 1, due_at = $2, verdict_code = $3, verdict_description = $4,
       verdict_details = $5,
       state = CASE WHEN attempts + 1 < $6 THEN 'accepted' ELSE 'held' END,
       hold_cause = CASE WHEN attempts + 1 >= $6 THEN 'session_failed' END,
       hold_detail = CASE WHEN attempts + 1 >= $6 THEN $4 END,
       held_at = CASE WHEN attempts + 1 >= $6 THEN $2::timestamptz END,
       session_id = CASE WHEN attempts + 1 >= $6 THEN session_id END
     WHERE id = ANY ($1::uuid[])
     RETURNING id, state`,
    [
      await lockBound(tx, sessionId),
      at,
      verdict.code,
      storable(verdict.description),
      jsonText(verdict.details),
      SENDING_ATTEMPTS_MAX,
    ],
  );
  const idsIn = (state: string): string[] => rows.filter((row) => row.state === state).map((row) => row.id);
  return { again: idsIn('accepted'), held: idsIn('held') };
}
