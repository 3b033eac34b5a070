/** Payloads that are not what was taken in: found when they are to be sent, mended when the same bytes come again. */
import type { AcceptResult } from '@wsad/domain';
import type { Intake, IntakeRows } from './accept-insert.ts';
import { type Acting, putBackInLine } from './actions.ts';
import { lockBound } from './bound.ts';
import { attempted, type Db, inTransaction, isCorruption, type Tx } from './db.ts';
import { recordInvoicesEvent } from './events.ts';
import { abandonLocked, holdsNothing } from './giving-up.ts';
import { type HeldInvoice, lockHeld } from './held-invoices.ts';
import { lockUnderFence } from './lease.ts';

const CAUSE = 'payload_damaged';

/**
 * `sending` -> `held`, for those whose sending has not begun: for the session it is as if they had never been in it.
 * In the same breath the session is given up, where KSeF holds nothing of it: nobody can find it without knowing of them.
 */
export async function holdDamaged(
  db: Db,
  sessionId: string,
  fence: number,
  ordinals: readonly number[],
  { detail, why }: { readonly detail: string; readonly why: string },
  at: Date,
): Promise<{ held: number; abandoned: boolean }> {
  return await inTransaction(db.pool, async (tx) => {
    const session = await lockUnderFence(tx, sessionId, fence);
    const bound = await lockBound(tx, sessionId);
    const { rows } = await tx.query<{ id: string }>(
      `UPDATE session_members SET refused_at = $3
       WHERE session_id = $1 AND ordinal = ANY ($2::int[]) AND intent_at IS NULL AND invoice_id = ANY ($4::uuid[])
       RETURNING invoice_id AS id`,
      [sessionId, ordinals, at, bound],
    );
    const ids = rows.map(({ id }) => id);
    await tx.query(
      `UPDATE invoices SET state = 'held', hold_cause = $2, hold_detail = $3, held_at = $4 WHERE id = ANY ($1::uuid[])`,
      [ids, CAUSE, detail, at],
    );
    await tx.query('UPDATE sessions SET held = held + $2 WHERE id = $1', [sessionId, ids.length]);
    await recordInvoicesEvent(tx, ids, { at, type: 'invoice.held', sessionId }, () => ({
      cause: CAUSE,
      detail,
    }));
    const abandoned = await holdsNothing(tx, sessionId, session);
    if (abandoned) await abandonLocked(tx, sessionId, session, why, at);
    return { held: ids.length, abandoned };
  });
}

/**
 * The very bytes of an invoice that is held because its own were damaged were handed in again: they take their place, and
 * it goes back in line as if a person had retried it. Comes after everything that waits for other calls.
 */
export async function mendDamaged(
  tx: Tx,
  { actor, now }: Acting,
  rows: IntakeRows,
  intakes: readonly Intake[],
  results: Map<number, AcceptResult>,
): Promise<void> {
  const again = heldAmong(intakes, results);
  if (again.size === 0) return;
  const damaged = await lockDamaged(tx, [...again.keys()]);
  const mended = await withoutPayloads(tx, damaged);
  if (mended.length === 0) return;
  await rows.insertPayloads(
    tx,
    mended.flatMap(({ id }) => again.get(id) ?? []),
  );
  await putBackInLine(tx, mended, { actor, now });
  const ids = new Set(mended.map(({ id }) => id));
  for (const [position, result] of results)
    if (result.kind === 'existing' && ids.has(result.id))
      results.set(position, { ...result, state: 'accepted' });
}

/** Looked for without a lock first: what is held for other causes concerns nobody here. */
async function lockDamaged(tx: Tx, ids: readonly string[]): Promise<HeldInvoice[]> {
  const { rows } = await tx.query<{ id: string }>(
    'SELECT id FROM invoices WHERE id = ANY ($1::uuid[]) AND hold_cause = $2',
    [ids, CAUSE],
  );
  if (rows.length === 0) return [];
  const { held } = await lockHeld(tx, { ids: rows.map(({ id }) => id) }, 'all');
  return held.filter(({ cause }) => cause === CAUSE);
}

const STUCK =
  'What is stored of it can be neither read nor replaced: PostgreSQL itself has to be repaired first';

/** Answers those whose damaged bytes are gone. Where PostgreSQL cannot even remove them the invoice stays as it is. */
async function withoutPayloads(tx: Tx, damaged: readonly HeldInvoice[]): Promise<HeldInvoice[]> {
  const cleared: HeldInvoice[] = [];
  for (const invoice of damaged) {
    const { id } = invoice;
    const removed = await attempted(tx, isCorruption, () =>
      tx.query('DELETE FROM payloads WHERE invoice_id = $1', [id]),
    );
    if (removed !== null) cleared.push(invoice);
    else await tx.query('UPDATE invoices SET hold_detail = $2 WHERE id = $1', [id, STUCK]);
  }
  return cleared;
}

/** As those that are held already: their ids are not the ones that the call would have given. */
function heldAmong(
  intakes: readonly Intake[],
  results: ReadonlyMap<number, AcceptResult>,
): Map<string, Intake> {
  return new Map(
    intakes.flatMap((intake) => {
      const result = results.get(intake.invoice.position);
      return result?.kind === 'existing' && result.state === 'held'
        ? [[result.id, { ...intake, id: result.id }] as const]
        : [];
    }),
  );
}
