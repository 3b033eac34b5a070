import { FenceLost, type SendingSession } from '@wsad/domain';
import { mayBegin } from './begin.ts';
import { type Db, inTransaction, type Tx } from './db.ts';
import { recordEvent } from './events.ts';
import { kept } from './kept-plans.ts';
import { ranOut } from './leases.ts';
import { readParts } from './parts.ts';

const KEY_BYTES = 32;

/**
 * Takes a session that needs a sender for `leaseMs`. Null where it needs none, somebody holds it (this process
 * included), it is not yet to be tried again, or nothing of it is at KSeF yet and nothing may be begun.
 * Every taking raises the fence, so that an earlier taker who wakes up again can write nothing.
 */
export async function acquireSession(
  db: Db,
  sessionId: string,
  owner: string,
  now: Date,
  leaseMs: number,
): Promise<SendingSession | null> {
  const row = await inTransaction(db.pool, async (tx) => {
    const before = await lockedLease(tx, sessionId);
    const taken = await takeLease(tx, sessionId, owner, now, leaseMs);
    if (taken !== null && before !== null) {
      const detail = { from: before, to: owner, fence: taken.fence };
      await recordEvent(tx, { at: now, type: 'session.takenOver', nip: taken.nip, sessionId, detail });
    }
    return taken;
  });
  return row === null ? null : sendingSession(db, row);
}

/** Whose lease it is, or was when it ran out; null where it was given back or never taken. */
async function lockedLease(tx: Tx, sessionId: string): Promise<string | null> {
  const { rows } = await tx.query<{ owner: string | null }>(
    'SELECT lease_owner AS owner FROM sessions WHERE id = $1 FOR UPDATE',
    [sessionId],
  );
  return rows[0]?.owner ?? null;
}

async function takeLease(
  tx: Tx,
  sessionId: string,
  owner: string,
  now: Date,
  leaseMs: number,
): Promise<AcquiredRow | null> {
  const { rows } = await tx.query<AcquiredRow>(
    `UPDATE sessions SET lease_owner = $2, lease_until = $4, fence = fence + 1, send_after = NULL, send_tries = send_tries + 1
     WHERE id = $1 AND state IN ('claimed', 'opened', 'closing')
       AND ${ranOut('lease_until', '$3')}
       AND (state <> 'claimed' OR ${mayBegin('sessions.nip')})
     RETURNING id, nip, form, mode, kind, state, fence, send_tries, invoice_count, key_sealed, reference, credential_id, opened_at,
       usable_until, compression, package_bytes::float8, package_sha256, origins,
       trial_id IS NOT NULL AS on_trial`,
    [sessionId, owner, now, new Date(now.getTime() + leaseMs)],
  );
  return rows[0] ?? null;
}

interface AcquiredRow {
  id: string;
  nip: string;
  form: SendingSession['form'];
  mode: SendingSession['mode'];
  kind: SendingSession['kind'];
  state: SendingSession['state'];
  fence: number;
  send_tries: number;
  invoice_count: number;
  on_trial: boolean;
  key_sealed: Buffer;
  reference: string | null;
  credential_id: string | null;
  opened_at: Date | null;
  usable_until: Date | null;
  compression: 'TarGz' | 'Zip' | null;
  package_bytes: number | null;
  package_sha256: string | null;
  origins: SendingSession['origins'];
}

async function sendingSession(db: Db, row: AcquiredRow): Promise<SendingSession> {
  const secret = db.vault.open('session-key', row.id, row.key_sealed);
  return {
    id: row.id,
    nip: row.nip,
    form: row.form,
    mode: row.mode,
    kind: row.kind,
    state: row.state,
    fence: row.fence,
    tries: row.send_tries,
    invoiceCount: row.invoice_count,
    onTrial: row.on_trial,
    key: secret.subarray(0, KEY_BYTES),
    iv: secret.subarray(KEY_BYTES),
    reference: row.reference,
    credentialId: row.credential_id,
    openedAt: row.opened_at,
    usableUntil: row.usable_until,
    package: packageOf(row),
    parts: row.kind === 'batch' && row.reference !== null ? await readParts(db, row.id) : [],
    origins: row.origins,
  };
}

function packageOf(row: AcquiredRow): SendingSession['package'] {
  if (row.compression === null || row.package_bytes === null || row.package_sha256 === null) return null;
  return { compression: row.compression, sizeBytes: row.package_bytes, sha256: row.package_sha256 };
}

/** False when another sender has taken the session, or it needs none any more: stop at once. */
export async function renewLease(
  db: Db,
  sessionId: string,
  fence: number,
  now: Date,
  leaseMs: number,
): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    kept(`UPDATE sessions SET lease_until = $3
     WHERE id = $1 AND fence = $2 AND state IN ('claimed', 'opened', 'closing')`),
    [sessionId, fence, new Date(now.getTime() + leaseMs)],
  );
  return rowCount === 1;
}

/**
 * Gives the session back; with `sendAfter` it is not looked for before that moment. Without the fence nothing happens, nor
 * where closing has given it back: its row is locked by then for as long as settling takes.
 */
export async function releaseLease(
  db: Db,
  sessionId: string,
  fence: number,
  sendAfter: Date | null = null,
): Promise<void> {
  await db.pool.query(
    kept(`UPDATE sessions SET lease_owner = NULL, lease_until = NULL, send_after = $3
     WHERE id = $1 AND fence = $2 AND lease_owner IS NOT NULL`),
    [sessionId, fence, sendAfter],
  );
}

/** For a process that has the database to itself: whatever still looks held was held by one that is no more. */
export async function releaseEveryLease(db: Db, now: Date): Promise<void> {
  await freeSessions(db, null, now);
}

/** Everything that the process holds is free for others at once, before it has ended. */
export async function handOver(db: Db, owner: string, now: Date): Promise<void> {
  await freeSessions(db, owner, now);
}

/** The fence is raised, so that a sender who lives on after all can write nothing. A null owner means all of them. */
async function freeSessions(db: Db, by: string | null, now: Date): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    const { rows } = await tx.query<{ id: string; nip: string; owner: string; fence: number }>(
      `UPDATE sessions SET lease_owner = NULL, lease_until = NULL, fence = fence + 1
       FROM (
         SELECT id, lease_owner AS owner FROM sessions
         WHERE state IN ('claimed', 'opened', 'closing') AND lease_until IS NOT NULL
           AND ($1::text IS NULL OR lease_owner = $1) ORDER BY id FOR UPDATE
       ) AS held
       WHERE sessions.id = held.id RETURNING sessions.id, nip, owner, fence`,
      [by],
    );
    for (const { id, nip, owner, fence } of rows) {
      const detail = { from: owner, fence };
      await recordEvent(tx, { at: now, type: 'session.freed', nip, sessionId: id, detail });
    }
  });
  await db.pool.query(
    `UPDATE authentications SET login_owner = NULL, login_until = NULL
     WHERE login_until IS NOT NULL AND ($1::text IS NULL OR login_owner = $1)`,
    [by],
  );
}

export interface FencedSession {
  readonly nip: string;
  readonly kind: SendingSession['kind'];
  readonly state: SendingSession['state'];
  readonly reference: string | null;
  readonly invoices: number;
}

/** Locks the session for a sender's write; throws FenceLost when another sender has taken it since. */
export async function lockUnderFence(tx: Tx, sessionId: string, fence: number): Promise<FencedSession> {
  const { rows } = await tx.query<FencedSession>(
    'SELECT nip, kind, state, reference, invoice_count AS invoices FROM sessions WHERE id = $1 AND fence = $2 FOR UPDATE',
    [sessionId, fence],
  );
  const [session] = rows;
  if (session === undefined) throw new FenceLost(sessionId, fence);
  return session;
}
