import type { KsefVerdict } from '@wsad/domain';
import { lockBound } from './bound.ts';
import { type Db, inTransaction, jsonText, storable, type Tx } from './db.ts';
import { recordEvent } from './events.ts';
import { type FencedSession, lockUnderFence } from './lease.ts';
import { wipeUploads } from './parts.ts';
import { applyAgain } from './settle-apply.ts';
import { putOnTrial } from './trials.ts';

/**
 * `claimed` or `opened` -> `abandoned`: given up, and KSeF has been told nothing that it could act on. Its invoices go
 * back in line: as an attempt where an opening was spent on it. One that KSeF knows of is followed to its end all the
 * same. False, and nothing done, where KSeF may hold its invoices already: then it can only be closed,
 * and where it has been opened, for a caller who only gives up what cost nothing (`unopened`).
 */
export async function abandonSession(
  db: Db,
  sessionId: string,
  fence: number,
  why: string,
  at: Date,
  { unopened }: { unopened: boolean } = { unopened: false },
): Promise<boolean> {
  return await inTransaction(db.pool, async (tx) => {
    const session = await lockUnderFence(tx, sessionId, fence);
    if (session.state === 'abandoned') return true;
    if (unopened && session.state !== 'claimed') return false;
    if (!(await holdsNothing(tx, sessionId, session))) return false;
    await abandonLocked(tx, sessionId, session, why, at);
    return true;
  });
}

/** For a session that is locked, is `claimed` or `opened`, and of which KSeF holds nothing. */
export async function abandonLocked(
  tx: Tx,
  sessionId: string,
  { nip, reference }: Pick<FencedSession, 'nip' | 'reference'>,
  why: string,
  at: Date,
): Promise<void> {
  const spent = reference !== null;
  const { again, held } = await backInLine(tx, sessionId, why, spent, at);
  await tx.query(
    `UPDATE sessions SET state = 'abandoned', abandoned_why = $2, ended_at = $3, key_sealed = NULL,
       lease_owner = NULL, lease_until = NULL, next_poll_at = CASE WHEN reference IS NOT NULL THEN $3::timestamptz END,
       again = again + $4, held = held + $5
     WHERE id = $1`,
    [sessionId, storable(why), at, again, held],
  );
  await wipeUploads(tx, sessionId);
  const detail = { why, invoices: again + held, held };
  await recordEvent(tx, { at, type: 'session.abandoned', nip, sessionId, detail });
}

/**
 * `opened` -> `failed`: KSeF refused the session before it was closed; one it would not open becomes `abandoned`.
 * `partsMissing` is KSeF's own word, on closing, that the parts of a batch never arrived: then it may fail from
 * `closing` too. False, and nothing done, where KSeF may hold its invoices already.
 */
export async function failUnclosed(
  db: Db,
  sessionId: string,
  fence: number,
  verdict: KsefVerdict,
  at: Date,
  { partsMissing }: { partsMissing: boolean } = { partsMissing: false },
): Promise<boolean> {
  return await inTransaction(db.pool, async (tx) => {
    const session = await lockUnderFence(tx, sessionId, fence);
    if (session.state === 'failed') return true;
    const neverArrived = partsMissing && session.kind === 'batch' && session.state === 'closing';
    if (!neverArrived && !(await holdsNothing(tx, sessionId, session))) return false;
    const end = session.state === 'claimed' ? 'abandoned' : 'failed';
    const counts = await sendAgain(tx, sessionId, verdict, at);
    await endFailed(tx, sessionId, session.nip, end, verdict, counts, at);
    return true;
  });
}

/** Nothing in a batch is looked at before it is closed; an interactive invoice may be registered once it was sent. */
export async function holdsNothing(
  tx: Tx,
  sessionId: string,
  session: Pick<FencedSession, 'state' | 'kind'>,
): Promise<boolean> {
  if (session.state === 'claimed') return true;
  if (session.state !== 'opened') return false;
  if (session.kind === 'batch') return true;
  const { rowCount } = await tx.query(
    'SELECT FROM session_members WHERE session_id = $1 AND intent_at IS NOT NULL LIMIT 1',
    [sessionId],
  );
  return rowCount === 0;
}

async function backInLine(
  tx: Tx,
  sessionId: string,
  why: string,
  spent: boolean,
  at: Date,
): Promise<{ again: number; held: number }> {
  if (spent) return await sendAgain(tx, sessionId, { code: 0, description: why, details: [] }, at);
  const ids = await lockBound(tx, sessionId);
  await tx.query(
    `UPDATE invoices SET state = 'accepted', session_id = NULL, due_at = $2 WHERE id = ANY ($1::uuid[])`,
    [ids, at],
  );
  return { again: ids.length, held: 0 };
}

/**
 * `closed` -> `failed`: KSeF failed the whole session, so what has no verdict of its own is put on trial. An `abandoned`
 * one ends as `settled`: its invoices went elsewhere long ago. In any other state somebody has settled it: nothing.
 */
export async function failSession(db: Db, sessionId: string, verdict: KsefVerdict, at: Date): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    const { rows } = await tx.query<{ state: string; nip: string }>(
      'SELECT state, nip FROM sessions WHERE id = $1 FOR UPDATE',
      [sessionId],
    );
    const [session] = rows;
    if (session?.state === 'closed') {
      const counts = await putOnTrial(db, tx, sessionId, verdict, at);
      await endFailed(tx, sessionId, session.nip, 'failed', verdict, counts, at);
    }
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
  { again, held }: { again: number; held: number },
  at: Date,
): Promise<void> {
  await endSession(tx, sessionId, state, verdict, at);
  await tx.query('UPDATE sessions SET again = again + $2, held = held + $3 WHERE id = $1', [
    sessionId,
    again,
    held,
  ]);
  await wipeUploads(tx, sessionId);
  await recordEvent(tx, { at, type: 'session.failed', nip, sessionId, detail: { ...verdict, again, held } });
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

/** Whatever of the session is still under way goes again, all for the same reason. */
async function sendAgain(
  tx: Tx,
  sessionId: string,
  verdict: KsefVerdict,
  at: Date,
): Promise<{ again: number; held: number }> {
  const ids = await lockBound(tx, sessionId);
  const planned = ids.map((id) => ({ id, reference: null, outcome: { state: 'again' as const, verdict } }));
  return await applyAgain(tx, sessionId, planned, at, { onTrial: true });
}
