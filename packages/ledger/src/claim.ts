import {
  type Claim,
  type DispatchDecision,
  type Lane,
  laneKey,
  ORIGINS_MAX,
  type Origin,
  PIECE_ROWS,
  pieces,
  type Room,
  SESSION_BYTES_MAX,
  SESSION_INVOICES_MAX,
  type SessionKind,
  type Waiting,
} from '@wsad/domain';
import { mayBegin } from './begin.ts';
import { allOf, arrayText, type Db, inTransaction, lockNamed, type Tx } from './db.ts';
import { recordEvent } from './events.ts';
import { gateKeys, lanesWaitUntil, readGates } from './gates.ts';
import { newIds } from './ids.ts';
import { anew } from './kept-plans.ts';
import { goByIndex } from './opening-query.ts';
import { clearRegistered, hasRegistrations } from './registrations.ts';
import { readRoom } from './room.ts';
import { WAITING } from './stages.ts';
import {
  type DatedNow,
  datedNow,
  IN_LINE,
  readTrials,
  WAITING_COLUMNS,
  type WaitingRow,
  waitingOf,
} from './waiting.ts';
import { WHICH } from './which.ts';

export interface ClaimedSession {
  readonly id: string;
  readonly kind: SessionKind;
  readonly invoices: number;
  readonly origins: readonly Origin[];
}

export interface LaneClaim {
  readonly decision: DispatchDecision;
  readonly sessions: ClaimedSession[];
}

/** Of a tar. */
const BLOCK_BYTES = 512;
const KEY_BYTES = 32;
const IV_BYTES = 16;
/** The end of an archive and its directory; what each entry costs is counted with the entry. */
const ARCHIVE_FRAME_BYTES = 1_000_000;

/**
 * Asks `decide` what to do with what waits in the lane and the room there is for sessions and carries it out in the same
 * transaction, under the lane's lock: new sessions in `claimed`, each with a fresh key, and their invoices `sending`. A
 * claim can come out smaller than asked for, by bytes or because less is there. Where nothing of the seller may be begun
 * it answers idle; while KSeF is away, when to look again. What KSeF is known to have already is cleared, not claimed.
 */
export async function claimLane(
  db: Db,
  lane: Lane,
  now: Date,
  decide: (waiting: Waiting, room: Room) => DispatchDecision,
): Promise<LaneClaim> {
  return inTransaction(db.pool, async (tx) => {
    await lockNamed(tx, `lane|${laneKey(lane)}`);
    const [allowed, anyRegistered, gates, dated] = await allOf([
      isAllowed(tx, lane.nip),
      hasRegistrations(tx, lane.nip),
      readGates(tx, gateKeys(db.egress, lane.nip), now),
      datedNow(tx, now),
    ] as const);
    if (!allowed) return { decision: { kind: 'idle' }, sessions: [] };
    if (anyRegistered) await clearRegistered(db, tx, lane.nip, now);
    const backAt = lanesWaitUntil(gates, now);
    if (backAt !== null) return { decision: { kind: 'wait', until: backAt, why: 'KSeF' }, sessions: [] };
    const [waiting, room] = await allOf([
      readWaiting(tx, lane, dated),
      readRoom(tx, db.egress, lane.nip, now),
    ] as const);
    const decision = decide(waiting, room);
    if (decision.kind !== 'send') return { decision, sessions: [] };
    return { decision, sessions: await carryOut(db, tx, lane, dated, decision.claims) };
  });
}

async function carryOut(
  db: Db,
  tx: Tx,
  lane: Lane,
  dated: DatedNow,
  claims: readonly Claim[],
): Promise<ClaimedSession[]> {
  const ids = newIds(dated.now, claims.length, db.randomBytes);
  const sessions: ClaimedSession[] = [];
  for (const [index, claim] of claims.entries()) {
    const session = await claimSession(db, tx, ids[index] ?? '', lane, dated, claim);
    if (session !== null) sessions.push(session);
  }
  return sessions;
}

async function isAllowed(tx: Tx, nip: string): Promise<boolean> {
  const { rows } = await tx.query<{ allowed: boolean }>(`SELECT ${mayBegin('$1')} AS allowed`, [nip]);
  return rows[0]?.allowed ?? false;
}

async function readWaiting(tx: Tx, lane: Lane, dated: DatedNow): Promise<Waiting> {
  const counting = tx.query<WaitingRow>(
    `SELECT ${WAITING_COLUMNS} FROM invoices WHERE nip = $3 AND form = $4 AND mode = $5 AND ${WAITING}`,
    [dated.now, dated.day.today, lane.nip, lane.form, lane.mode],
  );
  const [{ rows }, trials] = await allOf([counting, readTrials(tx, lane.nip, dated)] as const);
  const [row] = rows;
  if (row === undefined) throw new Error('counting what waits answered nothing');
  return waitingOf(row, lane, dated, trials);
}

async function claimSession(
  db: Db,
  tx: Tx,
  id: string,
  lane: Lane,
  dated: DatedNow,
  claim: Claim,
): Promise<ClaimedSession | null> {
  const { now } = dated;
  const picked = await pickInvoices(db, tx, lane, dated, claim);
  if (picked.ids.length === 0) return null;
  const { kind, trialId = null } = claim;
  const secret = Buffer.concat([db.randomBytes(KEY_BYTES), db.randomBytes(IV_BYTES)]);
  const trial = trialId === null ? {} : { trial: trialId };
  const detail = { kind, invoices: picked.ids.length, plainBytes: picked.plainBytes, ...trial };
  const [inserted] = await allOf([
    tx.query<{ origins: readonly Origin[] }>(
      `INSERT INTO sessions (id, nip, form, mode, kind, state, invoice_count, plain_bytes, key_sealed, claimed_at, trial_id, origins)
       VALUES ($1, $2, $3, $4, $5, 'claimed', $6, $7, $8, $9, $10, (
         SELECT coalesce(jsonb_agg(jsonb_build_object('requestId', request_id, 'traceParent', trace_parent) ORDER BY id), '[]')
         FROM submissions WHERE id = ANY ($11::uuid[]) AND request_id IS NOT NULL
       ))
       RETURNING origins`,
      [
        id,
        lane.nip,
        lane.form,
        lane.mode,
        kind,
        picked.ids.length,
        picked.plainBytes,
        db.vault.seal('session-key', id, secret),
        now,
        trialId,
        picked.submissionIds,
      ],
    ),
    bind(db, tx, id, picked.ids),
    recordEvent(tx, { at: now, type: 'session.claimed', nip: lane.nip, sessionId: id, detail }),
  ] as const);
  return { id, kind, invoices: picked.ids.length, origins: inserted.rows[0]?.origins ?? [] };
}

/** The invoices become members of the session, in this order. */
async function bind(db: Db, tx: Tx, sessionId: string, invoiceIds: readonly string[]): Promise<void> {
  let bound = 0;
  for await (const piece of pieces(invoiceIds, db.giveWay)) {
    const ids = arrayText(piece);
    await Promise.all([
      tx.query(
        `INSERT INTO session_members (session_id, ordinal, invoice_id)
         SELECT $1, $3 + ordinal, invoice_id FROM unnest($2::uuid[]) WITH ORDINALITY AS member (invoice_id, ordinal)`,
        [sessionId, ids, bound],
      ),
      tx.query(`UPDATE invoices SET state = 'sending', session_id = $1 WHERE id = ANY ($2::uuid[])`, [
        sessionId,
        ids,
      ]),
    ]);
    bound += piece.length;
  }
}

interface Picked {
  readonly id: string;
  readonly size_bytes: number;
  readonly submission_id: string;
}

/**
 * In order of arrival, as many as fit one package. Their size is reckoned as in a tar: a header and whole blocks of
 * 512 bytes each, uncompressed, which no other packing exceeds.
 */
async function pickInvoices(
  db: Db,
  tx: Tx,
  lane: Lane,
  dated: DatedNow,
  claim: Claim,
): Promise<{ ids: string[]; plainBytes: number; submissionIds: string[] }> {
  const rows = (
    claim.count > PIECE_ROWS
      ? await lockMany(db, tx, lane, dated, claim)
      : await lockFew(tx, lane, dated, claim)
  ).filter(fitting(SESSION_BYTES_MAX - ARCHIVE_FRAME_BYTES));
  const submissions = new Set(rows.map((row) => row.submission_id));
  return {
    ids: rows.map((row) => row.id),
    plainBytes: rows.reduce((sum, row) => sum + row.size_bytes, 0),
    submissionIds: [...submissions].slice(0, ORIGINS_MAX),
  };
}

/** True for those before the first that the package has no room for. */
function fitting(roomBytes: number): (row: Picked) => boolean {
  let packedBytes = 0;
  return ({ size_bytes: bytes }) => {
    packedBytes += BLOCK_BYTES + Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
    return packedBytes <= roomBytes;
  };
}

async function lockFew(tx: Tx, lane: Lane, dated: DatedNow, claim: Claim): Promise<Picked[]> {
  const { rows } = await tx.query<Picked>(
    // A plan for any number of them would take a tenth of the lane to be enough, and go through the seller's history for it.
    anew(
      `SELECT id, size_bytes, submission_id FROM invoices WHERE ${inLineOf(claim)} ORDER BY id LIMIT $6 FOR UPDATE SKIP LOCKED`,
    ),
    [dated.now, dated.day.today, lane.nip, lane.form, lane.mode, claim.count, claim.trialId ?? null],
  );
  return rows;
}

/** Looked for at once and locked piece by piece: what is in line no more by then, or locked, is left where it is. */
async function lockMany(db: Db, tx: Tx, lane: Lane, dated: DatedNow, claim: Claim): Promise<Picked[]> {
  const values = [dated.now, dated.day.today, lane.nip, lane.form, lane.mode];
  const count = Math.min(claim.count, SESSION_INVOICES_MAX);
  const { rows: seen } = await tx.query<{ id: string }>(
    anew(`SELECT id FROM invoices WHERE ${inLineOf(claim)} ORDER BY id LIMIT $6`),
    [...values, count, claim.trialId ?? null],
  );
  await goByIndex(tx);
  const picked: Picked[] = [];
  for await (const piece of pieces(seen, db.giveWay)) {
    const { rows } = await tx.query<Picked>(
      // By id alone, lest a plan goes through the lane for each piece: accepted, an invoice is in no other stage or lane.
      `SELECT id, size_bytes, submission_id FROM invoices
       WHERE id = ANY ($4::uuid[]) AND state = 'accepted' AND ${IN_LINE} AND ${WHICH[claim.which]}
         AND trial_id IS NOT DISTINCT FROM $5
       ORDER BY id FOR UPDATE SKIP LOCKED`,
      [dated.now, dated.day.today, lane.nip, arrayText(piece.map(({ id }) => id)), claim.trialId ?? null],
    );
    picked.push(...rows);
  }
  return picked;
}

function inLineOf({ which }: Claim): string {
  return `nip = $3 AND form = $4 AND mode = $5 AND ${WAITING} AND ${IN_LINE}
    AND ${WHICH[which]} AND trial_id IS NOT DISTINCT FROM $7`;
}
