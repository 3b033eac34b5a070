import { type KsefVerdict, pieces, SENDING_ATTEMPTS_MAX } from '@wsad/domain';
import { consentRefusedByVerdict } from './attachment-consents.ts';
import { columnTexts } from './column-texts.ts';
import { type Db, jsonText, storable, type Tx } from './db.ts';
import { recordInvoicesEvent } from './events.ts';
import type { SettlementPlan } from './settle-plan.ts';

/** Piece by piece, since it is what most of a session's time at PostgreSQL goes into. */
export async function applyCleared(
  db: Db,
  tx: Tx,
  sessionId: string,
  plan: SettlementPlan,
  at: Date,
): Promise<number> {
  const { cleared, late, receiptFound } = plan;
  for await (const piece of pieces(cleared, db.giveWay)) await clear(tx, sessionId, piece, at);
  await recordInvoicesEvent(tx, late, { at, type: 'invoice.clearedLate', sessionId });
  await fillReceiptPages(tx, sessionId, receiptFound);
  return cleared.length;
}

async function clear(tx: Tx, sessionId: string, cleared: SettlementPlan['cleared'], at: Date): Promise<void> {
  await tx.query(
    `UPDATE invoices SET state = 'cleared', stage = 'cleared', session_id = $1, settled_at = $2,
       hold_cause = NULL, hold_detail = NULL, held_at = NULL,
       verdict_code = NULL, verdict_description = NULL, verdict_details = NULL,
       original_ksef_number = NULL, original_session_reference = done.original_session_reference,
       ksef_number = done.ksef_number, invoicing_mode = done.invoicing_mode, acquired_at = done.acquired_at,
       receipt_page = done.receipt_page,
       receipt_session_id = CASE WHEN done.receipt_page IS NOT NULL THEN $1::uuid END, reference = coalesce(done.reference, invoices.reference)
     FROM unnest($3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::int[], $8::text[],
       $9::text[])
       AS done (id, ksef_number, invoicing_mode, acquired_at, receipt_page, reference, original_session_reference)
     WHERE invoices.id = done.id`,
    [
      sessionId,
      at,
      ...(await columnTexts(cleared, [
        ({ id }) => id,
        ({ outcome }) => outcome.ksefNumber,
        ({ outcome }) => outcome.invoicingMode,
        // The client writes a date out in the time of this place, which takes it far longer.
        ({ outcome }) => outcome.acquiredAt?.toISOString() ?? null,
        ({ outcome }) => outcome.receiptPage,
        ({ reference }) => reference,
        ({ outcome }) => outcome.originalSessionReference ?? null,
      ])),
    ],
  );
}

async function fillReceiptPages(
  tx: Tx,
  sessionId: string,
  found: SettlementPlan['receiptFound'],
): Promise<void> {
  if (found.length === 0) return;
  await tx.query(
    `UPDATE invoices SET receipt_session_id = $1, receipt_page = found.page FROM unnest($2::uuid[], $3::int[]) AS found (id, page)
     WHERE invoices.id = found.id AND receipt_page IS NULL`,
    [sessionId, found.map((each) => each.id), found.map((each) => each.page)],
  );
}

export async function applyRejected(tx: Tx, rejected: SettlementPlan['rejected'], at: Date): Promise<number> {
  if (rejected.length === 0) return 0;
  await tx.query(
    `UPDATE invoices SET state = 'rejected', settled_at = $1, ${VERDICT_SET} FROM ${VERDICTS} WHERE invoices.id = judged.id`,
    [at, ...(await verdictColumns(rejected))],
  );
  return rejected.length;
}

export async function applyHeld(
  tx: Tx,
  sessionId: string,
  held: SettlementPlan['held'],
  at: Date,
): Promise<number> {
  for (const cause of new Set(held.map((each) => each.outcome.cause))) {
    const those = held.filter((each) => each.outcome.cause === cause);
    await tx.query(
      `UPDATE invoices SET state = 'held', held_at = $1, hold_cause = $9, hold_detail = judged.description, ${VERDICT_SET}
       FROM ${VERDICTS} WHERE invoices.id = judged.id`,
      [at, ...(await verdictColumns(those)), cause],
    );
    const words = wordsOf(those);
    await recordInvoicesEvent(tx, [...words.keys()], { at, type: 'invoice.held', sessionId }, (id) => ({
      cause,
      ...words.get(id),
    }));
    if (cause === 'attachment_consent') await consentRefusedByVerdict(tx, sessionId, [...words.keys()], at);
  }
  return held.length;
}

/**
 * Back in line after a while (5 s, then a minute), or held where it has been tried often enough. What KSeF judged by
 * itself stays on no trial.
 */
export async function applyAgain(
  tx: Tx,
  sessionId: string,
  again: SettlementPlan['again'],
  at: Date,
  stays: { readonly onTrial: boolean } = { onTrial: false },
): Promise<{ again: number; held: number }> {
  if (again.length === 0) return { again: 0, held: 0 };
  const { rows } = await tx.query<{ id: string; state: string }>(
    `UPDATE invoices SET attempts = attempts + 1, due_at = $1,
       not_before = greatest(not_before, $1::timestamptz + interval '5 seconds' * power(12, attempts)),
       trial_id = CASE WHEN $10 THEN trial_id END,
       state = CASE WHEN attempts + 1 < $9 THEN 'accepted' ELSE 'held' END,
       session_id = CASE WHEN attempts + 1 >= $9 THEN session_id END,
       hold_cause = CASE WHEN attempts + 1 >= $9 THEN 'session_failed' END,
       hold_detail = CASE WHEN attempts + 1 >= $9 THEN judged.description END,
       held_at = CASE WHEN attempts + 1 >= $9 THEN $1::timestamptz END,
       ${VERDICT_SET}
     FROM ${VERDICTS} WHERE invoices.id = judged.id
     RETURNING invoices.id, state`,
    [at, ...(await verdictColumns(again)), SENDING_ATTEMPTS_MAX, stays.onTrial],
  );
  const idsIn = (state: string): string[] => rows.filter((row) => row.state === state).map((row) => row.id);
  const held = idsIn('held');
  const words = wordsOf(again);
  await recordInvoicesEvent(tx, idsIn('accepted'), { at, type: 'invoice.again', sessionId }, (id) => ({
    ...words.get(id),
  }));
  await recordInvoicesEvent(tx, held, { at, type: 'invoice.held', sessionId }, (id) => ({
    cause: 'session_failed',
    ...words.get(id),
  }));
  return { again: rows.length - held.length, held: held.length };
}

/** KSeF's word on each, for its timeline: the next attempt's takes its place in the record. */
export function wordsOf(
  judged: readonly { id: string; outcome: { verdict: KsefVerdict } }[],
): Map<string, { code: number; detail: string }> {
  return new Map(
    judged.map(({ id, outcome: { verdict } }) => [id, { code: verdict.code, detail: verdict.description }]),
  );
}

/** KSeF's own words, as parameters $2 to $8. */
const VERDICTS = `
  unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
    AS judged (id, code, description, details, original_ksef_number, original_session_reference, reference)`;
const VERDICT_SET = `
  verdict_code = judged.code, verdict_description = judged.description, verdict_details = judged.details::jsonb,
  original_ksef_number = judged.original_ksef_number,
  original_session_reference = judged.original_session_reference,
  reference = coalesce(judged.reference, invoices.reference)`;

async function verdictColumns(
  planned: readonly { id: string; reference: string | null; outcome: { verdict: KsefVerdict } }[],
): Promise<string[]> {
  return await columnTexts(planned, [
    ({ id }) => id,
    ({ outcome }) => outcome.verdict.code,
    ({ outcome }) => storable(outcome.verdict.description),
    ({ outcome }) => jsonText(outcome.verdict.details),
    ({ outcome }) => storable(outcome.verdict.originalKsefNumber ?? null),
    ({ outcome }) => storable(outcome.verdict.originalSessionReference ?? null),
    ({ reference }) => reference,
  ]);
}
