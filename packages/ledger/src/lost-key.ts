/** The vault key is lost for good: what only it opened is dropped, and everything else is told so and goes on. */
import type { SessionKind, SessionState } from '@wsad/domain';
import { type Db, inTransaction, type Tx } from './db.ts';
import { PROBE } from './environment.ts';
import { recordEvent } from './events.ts';
import { abandonLocked, holdsNothing } from './giving-up.ts';
import { holdAccepted } from './hold.ts';
import { keyOf } from './sealed-columns.ts';
import { lockSeller } from './sellers.ts';
import { disableWebhook } from './webhooks.ts';

export interface Lost {
  readonly credentials: number;
  readonly offlineCertificates: number;
  /** Sessions that have not been closed, and cannot be gone on with. */
  readonly sessions: number;
}

const WHY = 'the vault key was lost, and the key of this session with it';
const WHY_NO_CREDENTIALS = 'the vault key was lost, and the credentials with it: put them again';
const SESSION_SECRET_BYTES = 48;

/** Sealed with a key that is not at hand; $1 are the names of those that are. */
function lost(column: string): string {
  return `(${column} IS NOT NULL AND NOT ${keyOf(column)} = ANY ($1::bytea[]))`;
}

/** What nobody can open any more. */
export async function lookForLost(db: Db): Promise<Lost> {
  const { rows } = await db.pool.query<Lost>(
    `SELECT (SELECT count(*)::int FROM credentials WHERE ${lost('sealed')}) AS credentials,
       (SELECT count(*)::int FROM offline_certificates WHERE ${lost('sealed')}) AS "offlineCertificates",
       (SELECT count(*)::int FROM sessions WHERE ${lost('key_sealed')}) AS sessions`,
    [db.vault.keyIds],
  );
  return rows[0] ?? { credentials: 0, offlineCertificates: 0, sessions: 0 };
}

/**
 * In one transaction: credentials and certificates are gone, their sellers' invoices held for want of them. A session of
 * which KSeF holds nothing is given up (one that it knows is followed to its end); any other one can still be closed,
 * which needs no key, and KSeF's list decides.
 */
export async function forgetLost(db: Db, actor: string, now: Date): Promise<Lost> {
  return await inTransaction(db.pool, async (tx) => {
    const sessions = await endSessions(db, tx, now);
    await dropTokens(db, tx);
    const offline = await tx.query(`DELETE FROM offline_certificates WHERE ${lost('sealed')}`, [
      db.vault.keyIds,
    ]);
    await stopUnsigned(db, tx, now);
    const credentials = await dropCredentials(db, tx, actor, now);
    await tx.query('UPDATE settings SET vault_probe = $1', [
      db.vault.seal('probe', PROBE, Buffer.from(PROBE)),
    ]);
    const counts = { credentials, offlineCertificates: offline.rowCount ?? 0, sessions };
    await recordEvent(tx, { at: now, type: 'vault.forgotten', actor, detail: counts });
    return counts;
  });
}

interface LostSession {
  readonly id: string;
  readonly nip: string;
  readonly kind: SessionKind;
  readonly state: SessionState;
  readonly reference: string | null;
}

async function endSessions(db: Db, tx: Tx, now: Date): Promise<number> {
  const { rows } = await tx.query<LostSession>(
    `UPDATE sessions SET fence = fence + 1, lease_owner = NULL, lease_until = NULL, send_after = NULL
     WHERE ${lost('key_sealed')} RETURNING id, nip, kind, state, reference`,
    [db.vault.keyIds],
  );
  for (const session of rows) {
    if (await holdsNothing(tx, session.id, session)) await abandonLocked(tx, session.id, session, WHY, now);
    else await leaveToClose(db, tx, session, now);
  }
  await tx.query(`UPDATE session_parts SET upload_sealed = NULL WHERE ${lost('upload_sealed')}`, [
    db.vault.keyIds,
  ]);
  return rows.length;
}

/** Its key opens nothing any more; a sender that only closes it needs none, but the schema wants one there. */
async function leaveToClose(db: Db, tx: Tx, { id, nip, state }: LostSession, now: Date): Promise<void> {
  const stand = db.vault.seal('session-key', id, db.randomBytes(SESSION_SECRET_BYTES));
  await tx.query(
    `UPDATE sessions SET state = 'closing', closing_at = coalesce(closing_at, $2), key_sealed = $3 WHERE id = $1`,
    [id, now, stand],
  );
  if (state === 'closing') return;
  await recordEvent(tx, { at: now, type: 'session.closing', nip, sessionId: id, detail: { why: WHY } });
}

async function dropTokens(db: Db, tx: Tx): Promise<void> {
  await tx.query(
    `UPDATE authentications SET access_sealed = NULL, access_until = NULL, refresh_sealed = NULL, refresh_until = NULL
     WHERE ${lost('access_sealed')} OR ${lost('refresh_sealed')}`,
    [db.vault.keyIds],
  );
}

/** Without its secret a webhook signs nothing: a person rotates it and enables it again. */
async function stopUnsigned(db: Db, tx: Tx, now: Date): Promise<void> {
  await tx.query(`UPDATE webhooks SET earlier_secret_sealed = NULL WHERE ${lost('earlier_secret_sealed')}`, [
    db.vault.keyIds,
  ]);
  const { rows } = await tx.query<{ id: string; active: boolean }>(
    `SELECT id, disabled_at IS NULL AS active FROM webhooks WHERE ${lost('secret_sealed')} FOR UPDATE`,
    [db.vault.keyIds],
  );
  for (const { id, active } of rows) {
    if (active) await disableWebhook(tx, id, 'secretLost', now);
    await tx.query('UPDATE webhooks SET secret_sealed = NULL WHERE id = $1', [id]);
  }
}

async function dropCredentials(db: Db, tx: Tx, actor: string, now: Date): Promise<number> {
  const { rows } = await tx.query<{ nip: string | null; shared_name: string | null }>(
    `UPDATE credentials SET sealed = NULL, retired_at = coalesce(retired_at, $2)
     WHERE ${lost('sealed')} RETURNING nip, shared_name`,
    [db.vault.keyIds, now],
  );
  for (const { nip, shared_name: sharedName } of rows) {
    const detail = sharedName === null ? {} : { sharedName };
    const whose = nip === null ? {} : { nip };
    await recordEvent(tx, { at: now, type: 'credentials.forgotten', actor, ...whose, detail });
  }
  const sellers = await tx.query<{ nip: string }>('SELECT nip FROM sellers ORDER BY nip');
  for (const { nip } of sellers.rows) {
    const { holdCause } = await lockSeller(tx, nip, now);
    if (holdCause === 'no_credentials') await holdAccepted(tx, nip, holdCause, WHY_NO_CREDENTIALS, now);
  }
  return rows.length;
}
