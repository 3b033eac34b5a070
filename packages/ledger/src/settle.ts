import { type InvoiceSettlement, type Mode, type Receipt, type SessionState, warningsOf } from '@wsad/domain';
import { allOf, type Db, inTransaction, type Tx } from './db.ts';
import { TransitionRefused } from './errors.ts';
import { recordEvent, recordInvoicesEvent } from './events.ts';
import { BY_INDEX } from './opening-query.ts';
import { storeReceipts } from './receipts.ts';
import { applyAgain, applyCleared, applyHeld, applyRejected } from './settle-apply.ts';
import { planSettlement, type SettlementPlan } from './settle-plan.ts';
import { numbersTaken, settleTargets } from './settle-targets.ts';
import { tally } from './tallies.ts';
import { hurryTrials } from './trials.ts';

export interface SettledCounts {
  readonly cleared: number;
  readonly rejected: number;
  readonly held: number;
  readonly again: number;
  /** Among the cleared: sent as online, and registered as offline. */
  readonly markedOffline: number;
}

/**
 * Writes verdicts and receipts of a session down, in one transaction. Final invoices never change. An invoice that has
 * left the session since, or whose session was given up or failed, can still be cleared by it, and nothing else. The
 * session is `settled` once none of its invoices is under way any more; with `receiptsDueAt` it is followed on until
 * its UPO is there. Counts are what this call changed.
 */
export async function settleSession(
  db: Db,
  sessionId: string,
  settlements: readonly InvoiceSettlement[],
  receipts: readonly Receipt[],
  at: Date,
  receiptsDueAt: Date | null = null,
): Promise<SettledCounts> {
  return inTransaction(
    db.pool,
    async (tx) => {
      const session = await lockSession(tx, sessionId);
      if (session.reference === null)
        throw new TransitionRefused(`session ${sessionId}`, session.state, 'settling what KSeF never knew');
      const [targets, taken] = await allOf([
        settleTargets(db, tx, sessionId, session.invoices),
        numbersTaken(db, tx, settlements),
      ] as const);
      // A receipt of 10,000 keeps PostgreSQL busy for 50 ms, and planning them this thread.
      const [plan] = await allOf([
        planSettlement(sessionId, session.state, settlements, targets, taken, db.giveWay),
        storeReceipts(tx, sessionId, receipts, at),
      ] as const);
      const counts = await apply(db, tx, sessionId, session, plan, at);
      await endWhereDone(tx, sessionId, session, plan.left.length === 0, counts, at, receiptsDueAt);
      return counts;
    },
    BY_INDEX,
  );
}

interface LockedSession {
  readonly nip: string;
  readonly mode: Mode;
  readonly state: SessionState;
  readonly reference: string | null;
  readonly invoices: number;
  readonly onTrial: boolean;
}

async function lockSession(tx: Tx, sessionId: string): Promise<LockedSession> {
  const { rows } = await tx.query<LockedSession>(
    `SELECT nip, mode, state, reference, invoice_count AS invoices, trial_id IS NOT NULL AS "onTrial"
     FROM sessions WHERE id = $1 FOR UPDATE`,
    [sessionId],
  );
  const [session] = rows;
  if (session === undefined) throw new TransitionRefused(`session ${sessionId}`, null, 'settling it');
  return session;
}

async function apply(
  db: Db,
  tx: Tx,
  sessionId: string,
  session: LockedSession,
  plan: SettlementPlan,
  at: Date,
): Promise<SettledCounts> {
  const cleared = await applyCleared(db, tx, sessionId, plan, at);
  const markedOffline = await noteMarkedOffline(tx, sessionId, session, plan, at);
  const rejected = await applyRejected(tx, plan.rejected, at);
  const held = await applyHeld(tx, sessionId, plan.held, at);
  const again = await applyAgain(tx, sessionId, plan.again, at);
  const counts = { cleared, rejected, held: held + again.held, again: again.again, markedOffline };
  await tally(tx, { cleared, rejected });
  return counts;
}

/** Each of them wants a second QR code: worth a line in its own timeline. */
async function noteMarkedOffline(
  tx: Tx,
  sessionId: string,
  { mode }: LockedSession,
  { cleared }: SettlementPlan,
  at: Date,
): Promise<number> {
  const marked = cleared.filter(({ outcome }) => warningsOf({ mode, ...outcome }).includes('MARKED_OFFLINE'));
  const ids = marked.map(({ id }) => id);
  await recordInvoicesEvent(tx, ids, { at, type: 'invoice.markedOffline', sessionId });
  return ids.length;
}

async function endWhereDone(
  tx: Tx,
  sessionId: string,
  session: LockedSession,
  noneLeft: boolean,
  counts: SettledCounts,
  at: Date,
  receiptsDueAt: Date | null,
): Promise<void> {
  const { nip, state, onTrial } = session;
  const changed = counts.cleared + counts.rejected + counts.held + counts.again > 0;
  const ends = state === 'abandoned' || (state === 'closed' && noneLeft);
  const type = ends ? 'session.settled' : 'session.verdicts';
  await Promise.all([
    tx.query(
      'UPDATE sessions SET cleared = cleared + $2, rejected = rejected + $3, held = held + $4, again = again + $5 WHERE id = $1',
      [sessionId, counts.cleared, counts.rejected, counts.held, counts.again],
    ),
    onTrial && counts.cleared + counts.rejected > 0 && hurryTrials(tx, sessionId, at),
    (ends || state === 'settled') &&
      tx.query(
        `UPDATE sessions SET state = 'settled', ended_at = coalesce(ended_at, $2), key_sealed = NULL,
           next_poll_at = $3, receipts_due = $3::timestamptz IS NOT NULL
         WHERE id = $1`,
        [sessionId, at, receiptsDueAt],
      ),
    (ends || changed) && recordEvent(tx, { at, type, nip, sessionId, detail: { ...counts, from: state } }),
  ]);
}
