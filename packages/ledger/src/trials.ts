/** One bad apple: invoices of a session that KSeF failed go again in groups of their own (domain: trial.ts). */
import { judgeFailure, type KsefStanding, type KsefVerdict, type TrialVerdict } from '@wsad/domain';
import { lockBound } from './bound.ts';
import { type Db, jsonText, storable, type Tx } from './db.ts';
import { recordInvoicesEvent } from './events.ts';
import { newIds } from './ids.ts';
import { applyHeld } from './settle-apply.ts';

/** The failed session, as far as a trial goes. */
interface Suspicion {
  readonly nip: string;
  readonly failures: number | null;
  readonly unproven: number | null;
  /** With whose failure it began; its own where it is no trial. */
  readonly firstSessionId: string;
  /** Since when other sessions tell whether KSeF works. */
  readonly since: Date;
}

/** What of the session is still under way goes again, whole or in halves, or is held where it is alone and guilty. */
export async function putOnTrial(
  db: Db,
  tx: Tx,
  sessionId: string,
  verdict: KsefVerdict,
  at: Date,
): Promise<{ again: number; held: number }> {
  const ids = await lockBound(tx, sessionId);
  if (ids.length === 0) return { again: 0, held: 0 };
  const suspicion = await readSuspicion(tx, sessionId);
  const { failures, unproven } = suspicion;
  const { fate, ...standing } = judgeFailure({
    count: ids.length,
    before: failures === null || unproven === null ? null : { failures, unproven },
    code: verdict.code,
    ksef: await ksefStanding(tx, sessionId, suspicion),
  });
  if (fate.kind === 'held') return await hold(tx, sessionId, ids, verdict, at);
  const dueAt = new Date(at.getTime() + fate.afterMs);
  const trialIds = newIds(at, fate.groups.length, db.randomBytes);
  let begin = 0;
  for (const [index, count] of fate.groups.entries()) {
    const trial = { id: trialIds[index] ?? '', ...standing, firstSessionId: suspicion.firstSessionId };
    await beginTrial(tx, trial, sessionId, ids.slice(begin, begin + count), verdict, at, dueAt);
    begin += count;
  }
  return { again: ids.length, held: 0 };
}

/** KSeF judged a session of the trial, so it works: what else waits on the same suspicion need not be left alone. */
export async function hurryTrials(tx: Tx, sessionId: string, at: Date): Promise<void> {
  await tx.query(
    `UPDATE invoices SET due_at = $2, not_before = $2 WHERE id IN (
       SELECT invoices.id FROM sessions JOIN trials AS judged ON judged.id = sessions.trial_id
         JOIN trials USING (first_session_id) JOIN invoices ON invoices.trial_id = trials.id
       WHERE sessions.id = $1 AND invoices.nip = sessions.nip AND invoices.stage = 'open' AND invoices.state = 'accepted'
         AND invoices.not_before > $2
       ORDER BY invoices.id FOR UPDATE OF invoices
     )`,
    [sessionId, at],
  );
}

async function readSuspicion(tx: Tx, sessionId: string): Promise<Suspicion> {
  const { rows } = await tx.query<Suspicion>(
    `SELECT nip, failures, unproven, coalesce(first_session_id, sessions.id) AS "firstSessionId",
       coalesce(began_at, opened_at) AS since
     FROM sessions LEFT JOIN trials ON trials.id = sessions.trial_id WHERE sessions.id = $1`,
    [sessionId],
  );
  const [suspicion] = rows;
  if (suspicion === undefined) throw new Error(`there is no session ${sessionId}`);
  return suspicion;
}

/** A session that was found at KSeF was judged at some time before: it says nothing of today. */
async function ksefStanding(
  tx: Tx,
  sessionId: string,
  { nip, firstSessionId, since }: Suspicion,
): Promise<KsefStanding> {
  const { rows } = await tx.query<{ judged: number; judgedHere: number; failed: number }>(
    `SELECT count(*) FILTER (WHERE judged)::int AS judged,
       count(*) FILTER (WHERE judged AND nip = $2)::int AS "judgedHere",
       count(*) FILTER (WHERE state = 'failed' AND first_session_id <> $3)::int AS failed
     FROM (
       SELECT sessions.nip, state, state = 'settled' AND cleared + rejected > 0 AS judged,
         coalesce(first_session_id, sessions.id) AS first_session_id
       FROM sessions LEFT JOIN trials ON trials.id = sessions.trial_id
       WHERE ended_at >= $4 AND state IN ('settled', 'failed') AND sessions.id <> $1
         AND NOT EXISTS (SELECT FROM found_sessions AS found WHERE found.reference = sessions.reference)
     ) AS ended`,
    [sessionId, nip, firstSessionId, since],
  );
  const { judged = 0, judgedHere = 0, failed = 0 } = rows[0] ?? {};
  if (judgedHere > 0) return 'works';
  return judged === 0 && failed > 0 ? 'troubled' : 'unknown';
}

async function hold(
  tx: Tx,
  sessionId: string,
  ids: readonly string[],
  verdict: KsefVerdict,
  at: Date,
): Promise<{ again: number; held: number }> {
  const outcome = { state: 'held', cause: 'session_failed', verdict } as const;
  const planned = ids.map((id) => ({ id, reference: null, outcome }));
  return { again: 0, held: await applyHeld(tx, sessionId, planned, at) };
}

interface NewTrial extends Omit<TrialVerdict, 'fate'> {
  readonly id: string;
  readonly firstSessionId: string;
}

async function beginTrial(
  tx: Tx,
  { id, firstSessionId, failures, unproven }: NewTrial,
  sessionId: string,
  invoiceIds: readonly string[],
  verdict: KsefVerdict,
  at: Date,
  dueAt: Date,
): Promise<void> {
  await tx.query(
    `INSERT INTO trials (id, first_session_id, failed_session_id, failures, unproven, began_at)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [id, firstSessionId, sessionId, failures, unproven, at],
  );
  await tx.query(
    `UPDATE invoices SET state = 'accepted', session_id = NULL, trial_id = $2, due_at = $3,
       not_before = greatest(not_before, $3), verdict_code = $4, verdict_description = $5, verdict_details = $6
     WHERE id = ANY ($1::uuid[])`,
    [invoiceIds, id, dueAt, verdict.code, storable(verdict.description), jsonText(verdict.details)],
  );
  const detail = {
    code: verdict.code,
    detail: verdict.description,
    trial: id,
    invoices: invoiceIds.length,
    failures,
    firstSession: firstSessionId,
  };
  await recordInvoicesEvent(tx, invoiceIds, { at, type: 'invoice.again', sessionId }, () => detail);
}
