/** Authentication sessions at KSeF: what is to be asked or revoked there, and what came of it. Jobs do the asking. */
import type { AuthSession } from '@wsad/domain';
import { z } from 'zod';
import { type Db, inTransaction, jsonText, storable, type Tx } from './db.ts';
import { recordEvent } from './events.ts';
import { forgetTokens } from './login.ts';

/** A list this young is as good as a new one, and a refusal is believed no longer. */
const FRESH_MS = 10_000;
/** An end that nobody fetched by then is forgotten: who asks again means the session of today. */
const END_TOLD_WITHIN_MS = 600_000;

export type AuthSessionsAnswer =
  | { readonly kind: 'ready'; readonly sessions: readonly AuthSession[]; readonly fetchedAt: Date }
  | { readonly kind: 'pending' }
  | { readonly kind: 'refused'; readonly why: string };

/** What was last fetched; where there is nothing, or with `refresh` nothing new, it is asked for. Null: no such seller. */
export async function authSessions(
  db: Db,
  nip: string,
  refresh: boolean,
  now: Date,
): Promise<AuthSessionsAnswer | null> {
  return inTransaction(db.pool, async (tx) => {
    if (!(await isKnown(tx, nip))) return null;
    const { rows } = await tx.query<ListRow>(
      `SELECT asked_at AS "askedAt", fetched_at AS "fetchedAt", sessions, refusal
       FROM auth_session_lists WHERE nip = $1 FOR UPDATE`,
      [nip],
    );
    const answer = rows[0] === undefined ? null : answerOf(rows[0], refresh, now);
    if (answer !== null) return answer;
    await tx.query(
      `INSERT INTO auth_session_lists (nip, asked_at) VALUES ($1, $2)
       ON CONFLICT (nip) DO UPDATE SET asked_at = excluded.asked_at`,
      [nip, now],
    );
    return { kind: 'pending' };
  });
}

interface ListRow {
  askedAt: Date;
  fetchedAt: Date | null;
  sessions: unknown;
  refusal: string | null;
}

/** Null where KSeF is to be asked (anew). */
function answerOf(row: ListRow, refresh: boolean, now: Date): AuthSessionsAnswer | null {
  const { askedAt, fetchedAt, sessions, refusal } = row;
  if (fetchedAt === null || fetchedAt < askedAt) return { kind: 'pending' };
  const fresh = now.getTime() - fetchedAt.getTime() < FRESH_MS;
  if (refusal !== null) return fresh ? { kind: 'refused', why: refusal } : null;
  return fresh || !refresh ? { kind: 'ready', sessions: storedSessions.parse(sessions), fetchedAt } : null;
}

const storedSessions = z.array(
  z.object({
    reference: z.string(),
    current: z.boolean(),
    startedAt: z.coerce.date(),
    method: z.string(),
    status: z.object({ code: z.int(), description: z.string() }),
    refreshUntil: z.coerce.date().nullable(),
  }),
);

export type RevocationAnswer =
  | { readonly kind: 'pending' }
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly why: string };

/** Asks for it, or tells what came of it: once, so that asking again begins anew. Null: no such seller. */
export async function revokeAuthSession(
  db: Db,
  nip: string,
  reference: string,
  actor: string,
  now: Date,
): Promise<RevocationAnswer | null> {
  return inTransaction(db.pool, async (tx) => {
    if (!(await isKnown(tx, nip))) return null;
    const asked = await tx.query(
      `INSERT INTO auth_session_revocations AS known (nip, reference, asked_at) VALUES ($1, $2, $3)
       ON CONFLICT (nip, reference) DO UPDATE SET asked_at = $3, done_at = NULL, refusal = NULL
         WHERE known.done_at <= $4`,
      [nip, reference, now, new Date(now.getTime() - END_TOLD_WITHIN_MS)],
    );
    if (asked.rowCount === 1) {
      await recordEvent(tx, { at: now, type: 'login.revocationAsked', actor, nip, detail: { reference } });
      return { kind: 'pending' };
    }
    const ended = await tx.query<{ refusal: string | null }>(
      `DELETE FROM auth_session_revocations WHERE nip = $1 AND reference = $2 AND done_at IS NOT NULL
       RETURNING refusal`,
      [nip, reference],
    );
    const [end] = ended.rows;
    if (end === undefined) return { kind: 'pending' };
    return end.refusal === null ? { kind: 'done' } : { kind: 'refused', why: end.refusal };
  });
}

/** What a job is to do at KSeF for the seller. */
export interface AuthSessionWork {
  readonly revocations: readonly string[];
  readonly listWanted: boolean;
}

export async function authSessionWork(db: Db, nip: string): Promise<AuthSessionWork> {
  const revocations = await db.pool.query<{ reference: string }>(
    'SELECT reference FROM auth_session_revocations WHERE nip = $1 AND done_at IS NULL ORDER BY asked_at',
    [nip],
  );
  const wanted = await db.pool.query(
    'SELECT FROM auth_session_lists WHERE nip = $1 AND (fetched_at IS NULL OR fetched_at < asked_at)',
    [nip],
  );
  return { revocations: revocations.rows.map((row) => row.reference), listWanted: wanted.rowCount === 1 };
}

export async function saveAuthSessions(
  db: Db,
  nip: string,
  given: { readonly sessions: readonly AuthSession[] } | { readonly refusal: string },
  now: Date,
): Promise<void> {
  await db.pool.query(
    'UPDATE auth_session_lists SET fetched_at = $2, sessions = $3, refusal = $4 WHERE nip = $1',
    [
      nip,
      now,
      'sessions' in given ? jsonText(given.sessions) : null,
      'refusal' in given ? storable(given.refusal) : null,
    ],
  );
}

/** `ownedBy`: the credentials whose login it was, if it was ours: their tokens go with it. */
export async function saveRevocation(
  db: Db,
  nip: string,
  reference: string,
  came: { readonly ownedBy: string | null } | { readonly refusal: string },
  now: Date,
): Promise<void> {
  const refusal = 'refusal' in came ? storable(came.refusal) : null;
  await inTransaction(db.pool, async (tx) => {
    await tx.query(
      'UPDATE auth_session_revocations SET done_at = $3, refusal = $4 WHERE nip = $1 AND reference = $2',
      [nip, reference, now, refusal],
    );
    if ('refusal' in came) {
      const detail = { reference, refusal };
      await recordEvent(tx, { at: now, type: 'login.revocationRefused', nip, detail });
      return;
    }
    if (came.ownedBy !== null) await forgetTokens(tx, nip, came.ownedBy);
    await tx.query('DELETE FROM auth_session_lists WHERE nip = $1', [nip]);
    await recordEvent(tx, { at: now, type: 'login.revoked', nip, detail: { reference } });
  });
}

/** The login begins anew and in full, also where KSeF refused the last. False: no such seller. */
export async function askLogin(db: Db, nip: string, actor: string, now: Date): Promise<boolean> {
  return inTransaction(db.pool, async (tx) => {
    if (!(await isKnown(tx, nip))) return false;
    await forgetTokens(tx, nip);
    await tx.query(`UPDATE authentications SET state = 'none', last_error = NULL WHERE nip = $1`, [nip]);
    await recordEvent(tx, { at: now, type: 'login.asked', actor, nip });
    return true;
  });
}

async function isKnown(tx: Tx, nip: string): Promise<boolean> {
  return (await tx.query('SELECT FROM sellers WHERE nip = $1', [nip])).rowCount === 1;
}
