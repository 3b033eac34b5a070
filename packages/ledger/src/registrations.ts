import { isKsefNumber, NOBODY_FIRST, type Registration, type SessionKind, warningsOf } from '@wsad/domain';
import { type Db, inTransaction, type Tx } from './db.ts';
import { recordEvent, recordInvoicesEvent } from './events.ts';
import { newIds } from './ids.ts';
import { anew } from './kept-plans.ts';
import { applyCleared } from './settle-apply.ts';
import type { Planned, SettlementPlan } from './settle-plan.ts';
import { UNFINISHED } from './stages.ts';
import { tally } from './tallies.ts';

/**
 * What a found session registered, as KSeF says: kept, and whatever waits here with these bytes is cleared by it. A number
 * whose check digits are wrong was not given by KSeF, so it clears nothing. Answers how many were cleared.
 */
export async function recordRegistrations(
  db: Db,
  found: { readonly nip: string; readonly reference: string },
  statusCode: number,
  registrations: readonly Registration[],
  at: Date,
): Promise<number> {
  const good = registrations.filter(({ ksefNumber }) => isKsefNumber(ksefNumber));
  return await inTransaction(db.pool, async (tx) => {
    await tx.query(
      `INSERT INTO registrations (nip, reference, sha256, ksef_number, invoicing_mode, acquired_at, receipt_page)
       SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::int[])
       ON CONFLICT DO NOTHING`,
      [
        found.nip,
        found.reference,
        good.map((each) => each.sha256),
        good.map((each) => each.ksefNumber),
        good.map((each) => each.invoicingMode),
        good.map((each) => each.acquiredAt),
        good.map((each) => each.receiptPage),
      ],
    );
    await tx.query('UPDATE found_sessions SET status_code = $2, read_at = $3 WHERE reference = $1', [
      found.reference,
      statusCode,
      at,
    ]);
    return await clearRegistered(db, tx, found.nip, at);
  });
}

/** Whether KSeF was ever found to have something of this seller that had not been settled here. */
export async function hasRegistrations(tx: Tx, nip: string): Promise<boolean> {
  const { rowCount } = await tx.query('SELECT FROM registrations WHERE nip = $1 LIMIT 1', [nip]);
  return rowCount === 1;
}

/** Clears whatever of the seller waits here although KSeF is known to have it, by the session that registered it. */
export async function clearRegistered(db: Db, tx: Tx, nip: string, at: Date): Promise<number> {
  const rows = await lockRegistered(tx, nip);
  for (const [reference, those] of Map.groupBy(rows, (row) => row.reference))
    await clearBy(db, tx, nip, reference, those, at);
  await tally(tx, { cleared: rows.length });
  return rows.length;
}

interface RegisteredRow extends Registration {
  readonly id: string;
  readonly reference: string;
  readonly form: string;
  readonly mode: 'online' | 'offline';
}

/** In the order of ids, which everybody keeps. A number that an invoice has already proves nothing of another one. */
async function lockRegistered(tx: Tx, nip: string): Promise<RegisteredRow[]> {
  const { rows } = await tx.query<RegisteredRow>(
    anew(`SELECT invoices.id, invoices.sha256, form, mode, registered.reference, registered.ksef_number AS "ksefNumber",
       registered.invoicing_mode AS "invoicingMode", registered.acquired_at AS "acquiredAt",
       registered.receipt_page AS "receiptPage"
     FROM invoices JOIN registrations AS registered USING (nip, sha256)
     WHERE nip = $1 AND ${UNFINISHED} AND state IN ('accepted', 'held')
       AND NOT EXISTS (SELECT FROM invoices AS owner WHERE owner.ksef_number = registered.ksef_number)
     ORDER BY invoices.id FOR UPDATE OF invoices`),
    [nip],
  );
  return rows;
}

async function clearBy(
  db: Db,
  tx: Tx,
  nip: string,
  reference: string,
  rows: readonly RegisteredRow[],
  at: Date,
): Promise<void> {
  const sessionId = await adopt(db, tx, nip, reference, rows, at);
  await addMembers(tx, sessionId, rows);
  const cleared = rows.map(({ id, ksefNumber, invoicingMode, acquiredAt, receiptPage }) => {
    const outcome = { state: 'cleared', ksefNumber, invoicingMode, acquiredAt, receiptPage } as const;
    return { id, reference: null, outcome } satisfies Planned<SettlementPlan['cleared'][number]['outcome']>;
  });
  // Claiming, of which this may be a part, has the right of way itself by then.
  await applyCleared({ ...db, giveWay: NOBODY_FIRST.giveWay }, tx, sessionId, { ...NOTHING, cleared }, at);
  await fetchReceiptFor(tx, sessionId, rows, at);
  await tx.query('UPDATE sessions SET cleared = cleared + $2 WHERE id = $1', [sessionId, rows.length]);
  await recordInvoicesEvent(
    tx,
    rows.map(({ id }) => id),
    { at, type: 'invoice.foundAtKsef', nip, sessionId },
    () => ({ reference }),
  );
  const marked = rows.filter((row) => warningsOf(row).includes('MARKED_OFFLINE')).map(({ id }) => id);
  await recordInvoicesEvent(tx, marked, { at, type: 'invoice.markedOffline', sessionId });
}

/**
 * A session that has ended is asked once more for its UPO, which is not metered, where no page that is here is known to
 * name one of these: KSeF's list told of them, or they came when the pages were stored already.
 */
async function fetchReceiptFor(
  tx: Tx,
  sessionId: string,
  rows: readonly RegisteredRow[],
  at: Date,
): Promise<void> {
  await tx.query(
    `UPDATE sessions SET receipts_due = true, next_poll_at = $2
     WHERE id = $1 AND state = 'settled' AND NOT receipts_due AND EXISTS (
       SELECT FROM invoices WHERE invoices.id = ANY ($3) AND NOT EXISTS (
         SELECT FROM receipts WHERE receipts.session_id = receipt_session_id AND page = receipt_page))`,
    [sessionId, at, rows.map(({ id }) => id)],
  );
}

const NOTHING: SettlementPlan = {
  cleared: [],
  rejected: [],
  held: [],
  again: [],
  late: [],
  left: [],
  receiptFound: [],
};

/**
 * The session that registered them becomes one of this ledger's own, settled, with its receipt still to be fetched; one
 * that is here already, given up, stays as it is. Form and mode are those of any of its invoices.
 */
async function adopt(
  db: Db,
  tx: Tx,
  nip: string,
  reference: string,
  [first]: readonly RegisteredRow[],
  at: Date,
): Promise<string> {
  const [id = ''] = newIds(at, 1, db.randomBytes);
  const { rows } = await tx.query<{ id: string; kind: SessionKind }>(
    `INSERT INTO sessions (id, nip, form, mode, kind, state, invoice_count, plain_bytes, credential_id, reference,
       claimed_at, opened_at, ended_at, status_code, receipts_due, next_poll_at)
     SELECT $1, nip, $3, $4, kind, 'settled', invoice_count, 0, credential_id, reference,
       opened_at, opened_at, $5, status_code, true, $5 FROM found_sessions WHERE reference = $2
     ON CONFLICT (reference) DO NOTHING RETURNING id, kind`,
    [id, reference, first?.form, first?.mode, at],
  );
  const [adopted] = rows;
  if (adopted !== undefined) {
    const detail = { kind: adopted.kind, reference };
    await recordEvent(tx, { at, type: 'session.foundAtKsef', nip, sessionId: id, detail });
    return id;
  }
  const known = await tx.query<{ id: string }>('SELECT id FROM sessions WHERE reference = $1', [reference]);
  const [row] = known.rows;
  if (row === undefined) throw new Error(`the found session ${reference} is not here`);
  return row.id;
}

async function addMembers(tx: Tx, sessionId: string, rows: readonly RegisteredRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO session_members (session_id, ordinal, invoice_id)
     SELECT $1, place + (SELECT coalesce(max(ordinal), 0) FROM session_members WHERE session_id = $1), id
     FROM unnest($2::uuid[]) WITH ORDINALITY AS found (id, place)
     WHERE NOT EXISTS (SELECT FROM session_members WHERE session_id = $1 AND invoice_id = id)`,
    [sessionId, rows.map(({ id }) => id)],
  );
}
