import { FenceLost, type InvoiceRefusal, type SessionOpened } from '@wsad/domain';
import { boundAmong, lockBound, memberPieces, PIECE_IDS } from './bound.ts';
import { allOf, type Db, inTransaction, type Tx } from './db.ts';
import { TransitionRefused } from './errors.ts';
import { recordEvent, recordInvoicesEvent } from './events.ts';
import { kept } from './kept-plans.ts';
import { lockUnderFence } from './lease.ts';
import { BY_INDEX } from './opening-query.ts';
import { insertParts, wipeUploads } from './parts.ts';
import { applyAgain, applyHeld, applyRejected } from './settle-apply.ts';
import { tally } from './tallies.ts';

/** `claimed` -> `opened`: KSeF gave a reference. Told again of the same opening, it does nothing. */
export async function recordOpened(
  db: Db,
  sessionId: string,
  fence: number,
  opened: SessionOpened,
): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    const session = await lockUnderFence(tx, sessionId, fence);
    if (session.state === 'opened' && session.reference === opened.reference) return;
    if (session.state !== 'claimed')
      throw new TransitionRefused(`session ${sessionId}`, session.state, 'opening');
    const { reference, package: made, parts } = opened;
    await Promise.all([
      tx.query(
        `UPDATE sessions SET state = 'opened', send_tries = 0, reference = $2, credential_id = $3, opened_at = $4, usable_until = $5,
           compression = $6, package_bytes = $7, package_sha256 = $8
         WHERE id = $1`,
        [
          sessionId,
          reference,
          opened.credentialId,
          opened.openedAt,
          opened.usableUntil,
          made?.compression ?? null,
          made?.sizeBytes ?? null,
          made?.sha256 ?? null,
        ],
      ),
      insertParts(db, tx, sessionId, parts),
      recordEvent(tx, {
        at: opened.openedAt,
        type: 'session.opened',
        nip: session.nip,
        sessionId,
        detail: { kind: session.kind, reference, packageBytes: made?.sizeBytes ?? null, parts: parts.length },
      }),
    ]);
  });
}

export async function recordPartUploaded(
  db: Db,
  sessionId: string,
  fence: number,
  ordinal: number,
  at: Date,
): Promise<void> {
  await writeUnderFence(
    db,
    sessionId,
    fence,
    `UPDATE session_parts SET uploaded_at = coalesce(uploaded_at, $4)
     FROM fenced WHERE session_id = fenced.id AND ordinal = $3`,
    [ordinal, at],
  );
}

/**
 * Before an invoice is sent interactively: from now on it may have arrived, whatever the answer. Null takes it back,
 * where it is certain that nothing left.
 */
export async function recordInvoiceIntent(
  db: Db,
  sessionId: string,
  fence: number,
  ordinal: number,
  at: Date | null,
): Promise<void> {
  await writeUnderFence(
    db,
    sessionId,
    fence,
    'UPDATE session_members SET intent_at = $4 FROM fenced WHERE session_id = fenced.id AND ordinal = $3',
    [ordinal, at],
  );
}

export async function recordInvoiceSent(
  db: Db,
  sessionId: string,
  fence: number,
  ordinal: number,
  reference: string,
  at: Date,
): Promise<void> {
  await writeUnderFence(
    db,
    sessionId,
    fence,
    `UPDATE session_members SET reference = $4, sent_at = $5, intent_at = coalesce(intent_at, $5)
     FROM fenced WHERE session_id = fenced.id AND ordinal = $3`,
    [ordinal, reference, at],
  );
}

/**
 * KSeF refused one invoice of an interactive session and took nothing in: its words stay with the invoice, which is
 * rejected, held or goes again, and for the session it is as if it had never been sent.
 */
export async function recordInvoiceRefused(
  db: Db,
  sessionId: string,
  fence: number,
  ordinal: number,
  refusal: InvoiceRefusal,
  at: Date,
): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    await lockUnderFence(tx, sessionId, fence);
    const { rows } = await tx.query<{ id: string }>(
      `UPDATE session_members SET intent_at = NULL, refused_at = $3 WHERE session_id = $1 AND ordinal = $2
       RETURNING invoice_id AS id`,
      [sessionId, ordinal, at],
    );
    const bound = await lockBound(tx, sessionId);
    const refused = rows.filter(({ id }) => bound.includes(id));
    const ids = refused.map(({ id }) => id);
    const counts = await applyRefusal(tx, sessionId, ids, refusal, at);
    await tx.query(
      'UPDATE sessions SET rejected = rejected + $2, held = held + $3, again = again + $4 WHERE id = $1',
      [sessionId, counts.rejected, counts.held, counts.again],
    );
    await tally(tx, { rejected: counts.rejected });
  });
}

async function applyRefusal(
  tx: Tx,
  sessionId: string,
  ids: readonly string[],
  { outcome, verdict }: InvoiceRefusal,
  at: Date,
): Promise<{ rejected: number; held: number; again: number }> {
  const none = { rejected: 0, held: 0, again: 0 };
  const planned = <Of>(of: Of) => ids.map((id) => ({ id, reference: null, outcome: of }));
  switch (outcome) {
    case 'rejected': {
      const detail = { code: verdict.code, detail: verdict.description };
      await recordInvoicesEvent(tx, ids, { at, type: 'invoice.refused', sessionId }, () => detail);
      return { ...none, rejected: await applyRejected(tx, planned({ state: outcome, verdict }), at) };
    }
    case 'held': {
      const held = planned({ state: outcome, cause: 'session_failed' as const, verdict });
      return { ...none, held: await applyHeld(tx, sessionId, held, at) };
    }
    case 'forbidden': {
      const held = planned({ state: 'held' as const, cause: 'permission_missing' as const, verdict });
      const count = await applyHeld(tx, sessionId, held, at);
      // A login that may send lets go of what is in no session: KSeF has not judged these.
      await tx.query('UPDATE invoices SET session_id = NULL WHERE id = ANY ($1::uuid[])', [ids]);
      return { ...none, held: count };
    }
    case 'again':
      return { ...none, ...(await applyAgain(tx, sessionId, planned({ state: outcome, verdict }), at)) };
  }
}

/** `opened` -> `closing`: close is about to be called, so it may work from now on. Doing it again does nothing. */
export async function recordClosing(db: Db, sessionId: string, fence: number, at: Date): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    const session = await lockUnderFence(tx, sessionId, fence);
    if (session.state === 'closing') return;
    if (session.state !== 'opened')
      throw new TransitionRefused(`session ${sessionId}`, session.state, 'closing');
    await Promise.all([
      tx.query(`UPDATE sessions SET state = 'closing', send_tries = 0, closing_at = $2 WHERE id = $1`, [
        sessionId,
        at,
      ]),
      recordEvent(tx, { at, type: 'session.closing', nip: session.nip, sessionId }),
    ]);
  });
}

/** By then whoever hears the bell that rings at closing has looked; only where nobody has is it rung again. */
const FIRST_LOOK_WITHIN_MS = 2_000;

/** `closing` -> `closed`, its invoices `processing`; the poller is due. Nobody needs its key any more. */
export async function recordClosed(db: Db, sessionId: string, fence: number, at: Date): Promise<void> {
  await inTransaction(
    db.pool,
    async (tx) => {
      const session = await lockUnderFence(tx, sessionId, fence);
      if (session.state === 'closed') return;
      if (session.state !== 'closing')
        throw new TransitionRefused(`session ${sessionId}`, session.state, 'being closed');
      await allOf([
        nowProcessing(db, tx, sessionId, session.invoices),
        tx.query(
          `UPDATE sessions SET state = 'closed', closed_at = $2, next_poll_at = $3, key_sealed = NULL, shut_out = NULL,
           lease_owner = NULL, lease_until = NULL
         WHERE id = $1`,
          [sessionId, at, new Date(at.getTime() + FIRST_LOOK_WITHIN_MS)],
        ),
        wipeUploads(tx, sessionId),
        recordEvent(tx, { at, type: 'session.closed', nip: session.nip, sessionId }),
      ] as const);
    },
    BY_INDEX,
  );
}

async function nowProcessing(db: Db, tx: Tx, sessionId: string, invoices: number): Promise<void> {
  for await (const ids of memberPieces(db, tx, sessionId, invoices))
    await tx.query(`UPDATE invoices SET state = 'processing' WHERE id = ANY (${boundAmong(PIECE_IDS)})`, [
      sessionId,
      ids,
    ]);
}

/** One statement that changes one row, the session locked under its fence in the same breath; $1 and $2 are taken. */
async function writeUnderFence(
  db: Db,
  sessionId: string,
  fence: number,
  update: string,
  values: readonly unknown[],
): Promise<void> {
  const { rowCount } = await db.pool.query(
    kept(`WITH fenced AS (SELECT id FROM sessions WHERE id = $1 AND fence = $2 FOR UPDATE) ${update}`),
    [sessionId, fence, ...values],
  );
  if (rowCount === 1) return;
  const held = await db.pool.query('SELECT FROM sessions WHERE id = $1 AND fence = $2', [sessionId, fence]);
  if (held.rowCount === 0) throw new FenceLost(sessionId, fence);
  throw new Error(`session ${sessionId} has no such part or invoice`);
}
