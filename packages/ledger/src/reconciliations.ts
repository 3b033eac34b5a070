/** Looking through what KSeF got: whose turn it is, which sessions were found, and what was read in them. */
import { judgeFound, type Lane, type ListedSession, type SessionKind, type SessionState } from '@wsad/domain';
import { type Db, inTransaction, storable, type Tx } from './db.ts';
import { recordEvent } from './events.ts';
import { anew } from './kept-plans.ts';
import { clearRegistered } from './registrations.ts';
import { SELLERS_WITH_LOGIN } from './sellers.ts';
import { WAITING } from './stages.ts';
import { chargeUnknownCalls } from './unknown-calls.ts';

/** A seller whose turn it is to be reconciled. */
export interface DueReconciliation {
  readonly nip: string;
  /** Asked again meanwhile, nothing of this turn counts any more. */
  readonly askedAt: Date;
  readonly since: Date;
  /** Sessions of each kind that were opened before are still to be listed; null: there are none. */
  readonly listUntil: Readonly<Record<SessionKind, Date | null>>;
  /** How often it was taken up since it last got on. */
  readonly tries: number;
}

type Turn = Pick<DueReconciliation, 'nip' | 'askedAt'>;

export interface Listing {
  readonly kind: SessionKind;
  readonly sessions: readonly ListedSession[];
  /** Those that were opened before are still to be listed; null: there are none. */
  readonly stillUntil: Date | null;
}

export interface FoundSession {
  readonly nip: string;
  readonly reference: string;
  readonly kind: SessionKind;
  readonly credentialId: string;
  readonly looks: number;
}

interface DueRow extends Omit<DueReconciliation, 'listUntil'> {
  readonly batch: Date | null;
  readonly interactive: Date | null;
}

/** Those due whose login waits for no person, each to one process for `turnMs`. */
export async function takeReconciliations(
  db: Db,
  now: Date,
  limit: number,
  turnMs: number,
): Promise<DueReconciliation[]> {
  const { rows } = await db.pool.query<DueRow>(
    `UPDATE reconciliations SET next_at = $3, tries = tries + 1 WHERE nip IN (
       SELECT nip FROM reconciliations AS due WHERE done_at IS NULL AND next_at <= $1 AND EXISTS (
         SELECT ${SELLERS_WITH_LOGIN} WHERE sellers.nip = due.nip AND credentials.id IS NOT NULL
           AND coalesce(authentications.state, 'none') NOT IN ('refused', 'blocked')
       ) ORDER BY next_at LIMIT $2 FOR UPDATE SKIP LOCKED
     ) RETURNING nip, asked_at AS "askedAt", since, batch_until AS batch, interactive_until AS interactive, tries`,
    [now, limit, new Date(now.getTime() + turnMs)],
  );
  return rows.map(({ batch, interactive, ...due }) => ({ ...due, listUntil: { batch, interactive } }));
}

const UNTIL_COLUMNS: Readonly<Record<SessionKind, string>> = {
  batch: 'batch_until',
  interactive: 'interactive_until',
};

/**
 * Of the sessions that KSeF lists, those count that this ledger does not know: the calls that they cost are charged, and
 * those that may have registered an invoice are noted, to be read. One that was given up is read too, and what was read
 * before stays read; what nobody could read is tried again, by whom it is listed to now.
 */
export async function recordListed(
  db: Db,
  { nip, askedAt }: Turn,
  credentialId: string,
  { kind, sessions, stillUntil }: Listing,
  at: Date,
): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    const known = await knownSessions(tx, sessions);
    const unknown = sessions.filter(({ reference }) => !known.has(reference));
    await chargeUnknownCalls(db, tx, nip, unknown, at);
    const concerned = sessions.filter(
      (session) =>
        [undefined, 'abandoned'].includes(known.get(session.reference)) && judgeFound(session) !== 'nothing',
    );
    await noteFound(tx, nip, credentialId, concerned, at);
    await tx.query(
      `UPDATE reconciliations SET ${UNTIL_COLUMNS[kind]} = $3, tries = 0, last_error = NULL WHERE nip = $1 AND asked_at = $2`,
      [nip, askedAt, stillUntil],
    );
  });
}

/** By reference, the state in which each is here. */
async function knownSessions(tx: Tx, sessions: readonly ListedSession[]): Promise<Map<string, SessionState>> {
  const { rows } = await tx.query<{ reference: string; state: SessionState }>(
    'SELECT reference, state FROM sessions WHERE reference = ANY ($1)',
    [sessions.map(({ reference }) => reference)],
  );
  return new Map(rows.map(({ reference, state }) => [reference, state]));
}

async function noteFound(
  tx: Tx,
  nip: string,
  credentialId: string,
  sessions: readonly ListedSession[],
  at: Date,
): Promise<void> {
  await tx.query(
    `INSERT INTO found_sessions AS known (nip, credential_id, reference, kind, opened_at, invoice_count, status_code, next_look_at)
     SELECT $1, $2, listed.*, $3::timestamptz
     FROM unnest($4::text[], $5::text[], $6::timestamptz[], $7::int[], $8::int[])
       AS listed (reference, kind, opened_at, invoice_count, status_code)
     ON CONFLICT (reference) DO UPDATE SET
       read_at = NULL, unreadable = NULL, invoice_count = excluded.invoice_count, next_look_at = excluded.next_look_at,
       credential_id = CASE WHEN known.unreadable IS NULL THEN known.credential_id ELSE excluded.credential_id END
       WHERE known.status_code < 200 OR known.unreadable IS NOT NULL`,
    [
      nip,
      credentialId,
      at,
      sessions.map((each) => each.reference),
      sessions.map((each) => each.kind),
      sessions.map((each) => each.openedAt),
      sessions.map((each) => each.invoiceCount),
      sessions.map((each) => each.statusCode),
    ],
  );
}

/** Found sessions that are to be looked at now, the oldest first. */
export async function foundSessions(db: Db, nip: string, now: Date, limit: number): Promise<FoundSession[]> {
  const { rows } = await db.pool.query<FoundSession>(
    `SELECT nip, reference, kind, credential_id AS "credentialId", looks FROM found_sessions
     WHERE nip = $1 AND read_at IS NULL AND next_look_at <= $2 ORDER BY opened_at LIMIT $3`,
    [nip, now, limit],
  );
  return rows;
}

/** KSeF is not at its end with it; without a status code it did not tell. */
export async function recordFoundLook(
  db: Db,
  reference: string,
  statusCode: number | null,
  nextLookAt: Date,
): Promise<void> {
  await db.pool.query(
    'UPDATE found_sessions SET status_code = coalesce($2, status_code), looks = looks + 1, next_look_at = $3 WHERE reference = $1',
    [reference, statusCode, nextLookAt],
  );
}

/**
 * KSeF lets no login of the seller read it, so the seller goes on without it: what it registered is refused as a duplicate
 * when it is sent again.
 */
export async function recordUnreadable(
  db: Db,
  { nip, reference }: Pick<FoundSession, 'nip' | 'reference'>,
  why: string,
  at: Date,
): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    const { rowCount } = await tx.query(
      'UPDATE found_sessions SET unreadable = $2, read_at = $3 WHERE reference = $1 AND read_at IS NULL',
      [reference, storable(why), at],
    );
    if (rowCount === 0) return;
    await recordEvent(tx, { at, type: 'session.unreadable', nip, detail: { reference, why } });
  });
}

/** When the next found session is to be looked at; null once every one has been read. */
export async function nextFoundLookAt(db: Db, nip: string): Promise<Date | null> {
  const { rows } = await db.pool.query<{ at: Date | null }>(
    'SELECT min(next_look_at) AS at FROM found_sessions WHERE nip = $1 AND read_at IS NULL',
    [nip],
  );
  return rows[0]?.at ?? null;
}

export async function putOffReconciliation(db: Db, nip: string, until: Date, why: string): Promise<void> {
  await db.pool.query(
    'UPDATE reconciliations SET next_at = $2, last_error = $3 WHERE nip = $1 AND done_at IS NULL',
    [nip, until, storable(why)],
  );
}

export interface Reconciled {
  readonly sessions: number;
  readonly registrations: number;
  readonly cleared: number;
  /** Whose invoices may go now. */
  readonly lanes: readonly Lane[];
}

/** Everything has been read: what KSeF has is cleared, the rest may go. Null where it was asked again meanwhile. */
export async function finishReconciliation(
  db: Db,
  { nip, askedAt }: Turn,
  at: Date,
): Promise<Reconciled | null> {
  return await inTransaction(db.pool, async (tx) => {
    await clearRegistered(db, tx, nip, at);
    const { rowCount } = await tx.query(
      `UPDATE reconciliations SET done_at = $3, last_error = NULL
       WHERE nip = $1 AND asked_at = $2 AND batch_until IS NULL AND interactive_until IS NULL`,
      [nip, askedAt, at],
    );
    if (rowCount === 0) return null;
    const counts = await countFound(tx, nip);
    await recordEvent(tx, { at, type: 'seller.reconciled', nip, detail: counts });
    const waiting = await tx.query<Lane>(
      `SELECT DISTINCT nip, form, mode FROM invoices WHERE nip = $1 AND ${WAITING}`,
      [nip],
    );
    return { ...counts, lanes: waiting.rows };
  });
}

async function countFound(tx: Tx, nip: string): Promise<Omit<Reconciled, 'lanes'>> {
  const { rows } = await tx.query<Omit<Reconciled, 'lanes'>>(
    anew(`SELECT (SELECT count(*)::int FROM found_sessions WHERE nip = $1) AS sessions,
       (SELECT count(*)::int FROM registrations WHERE nip = $1) AS registrations,
       (SELECT count(*)::int FROM registrations JOIN invoices USING (nip, sha256)
        WHERE nip = $1 AND invoices.ksef_number = registrations.ksef_number) AS cleared`),
    [nip],
  );
  return rows[0] ?? { sessions: 0, registrations: 0, cleared: 0 };
}
