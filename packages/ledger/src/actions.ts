import { type HoldCause, isKsefNumber, type Lane } from '@wsad/domain';
import { forgetConsent } from './attachment-consents.ts';
import { damagedAmong } from './damaged-payloads.ts';
import { type Db, inTransaction, type Tx } from './db.ts';
import type { EventType } from './event-types.ts';
import { recordEvent, recordInvoicesEvent } from './events.ts';
import {
  type ActionRefusal,
  type HeldChoice,
  type HeldFound,
  type HeldInvoice,
  lockHeld,
} from './held-invoices.ts';
import { forgetTokens } from './login.ts';
import type { VisibleSellers } from './queries/visible.ts';
import { tally } from './tallies.ts';

export interface Acting {
  readonly actor: string;
  readonly now: Date;
}

/** A person acts on held invoices: who, when, and whose invoices are theirs to act on. */
export interface BulkAction extends Acting {
  readonly sellers: VisibleSellers;
}

export interface PersonAction extends BulkAction {
  readonly invoiceId: string;
}

export type RetryResult = { readonly kind: 'done'; readonly lane: Lane } | ActionRefusal;
export type WithdrawResult = { readonly kind: 'done' } | ActionRefusal;
export type ResolveResult =
  | { readonly kind: 'done' }
  | ActionRefusal
  | { readonly kind: 'notADuplicate'; readonly cause: HoldCause }
  | { readonly kind: 'invalidNumber' }
  | { readonly kind: 'numberTaken' };

/** Those whose payload is damaged stay held until it is mended. */
export async function retryMany(db: Db, choice: HeldChoice, action: BulkAction): Promise<HeldFound> {
  return await inTransaction(db.pool, async (tx) => {
    const { held, refused, more } = await lockHeld(tx, choice, action.sellers);
    const damaged = await damagedAmong(tx, held);
    const whole = held.filter(({ id }) => !damaged.has(id));
    if (whole.length > 0) await putBackInLine(tx, whole, action);
    const stay = [...damaged].map((id) => ({ id, kind: 'payloadDamaged' }) as const);
    return { held: whole, refused: [...refused, ...stay], more };
  });
}

/**
 * Back in line with their attempts forgotten, and with the pause after them: what is dated ahead was never attempted, and
 * keeps its day. A login that KSeF refused, or that lacks a permission, is opened anew.
 */
export async function putBackInLine(tx: Tx, held: readonly HeldInvoice[], action: Acting): Promise<void> {
  await tx.query(
    `UPDATE invoices SET state = 'accepted', hold_cause = NULL, hold_detail = NULL, held_at = NULL, attempts = 0,
       session_id = NULL, trial_id = NULL, due_at = $2,
       not_before = CASE WHEN attempts > 0 OR trial_id IS NOT NULL THEN least(not_before, $2) ELSE not_before END
     WHERE id = ANY ($1::uuid[])`,
    [held.map(({ id }) => id), action.now],
  );
  const firstOf = (...causes: HoldCause[]): HeldInvoice[] => firstOfSellers(held, causes);
  for (const first of firstOf('login_refused', 'login_blocked')) await reopenLogin(tx, action, first);
  for (const { nip } of firstOf('permission_missing')) await forgetTokens(tx, nip);
  for (const { nip } of firstOf('attachment_consent')) await forgetConsent(tx, nip);
  await note(tx, action, 'invoice.retried', held);
}

export async function retryHeld(db: Db, { invoiceId, ...action }: PersonAction): Promise<RetryResult> {
  const { held, refused } = await retryMany(db, { ids: [invoiceId] }, action);
  const [lane] = held.map(({ nip, form, mode }) => ({ nip, form, mode }));
  return lane === undefined ? refusalOf(refused) : { kind: 'done', lane };
}

/** One invoice of each seller that is held for one of these causes. */
function firstOfSellers(held: readonly HeldInvoice[], causes: readonly HoldCause[]): HeldInvoice[] {
  const concerned = held.filter(({ cause }) => causes.includes(cause)).reverse();
  return [...new Map(concerned.map((invoice) => [invoice.nip, invoice])).values()];
}

async function reopenLogin(
  tx: Tx,
  { actor, now }: Acting,
  { id: invoiceId, nip }: HeldInvoice,
): Promise<void> {
  const { rowCount } = await tx.query(
    `UPDATE authentications SET state = 'none' WHERE nip = $1 AND state IN ('refused', 'blocked')`,
    [nip],
  );
  if (rowCount === 0) return;
  await recordEvent(tx, { at: now, type: 'login.asked', actor, nip, detail: { invoiceId } });
}

/** Taken out for good. */
export async function withdrawMany(db: Db, choice: HeldChoice, action: BulkAction): Promise<HeldFound> {
  return await inTransaction(db.pool, async (tx) => {
    const found = await lockHeld(tx, choice, action.sellers);
    const { held } = found;
    if (held.length === 0) return found;
    await tx.query(
      `UPDATE invoices SET state = 'withdrawn', hold_cause = NULL, held_at = NULL, settled_at = $2
       WHERE id = ANY ($1::uuid[])`,
      [held.map(({ id }) => id), action.now],
    );
    await tally(tx, { withdrawn: held.length });
    await note(tx, action, 'invoice.withdrawnBy', held);
    return found;
  });
}

export async function withdrawHeld(db: Db, { invoiceId, ...action }: PersonAction): Promise<WithdrawResult> {
  const { held, refused } = await withdrawMany(db, { ids: [invoiceId] }, action);
  return held.length === 1 ? { kind: 'done' } : refusalOf(refused);
}

/** A person's verdict on a duplicate that could not be told. */
export async function resolveHeld(
  db: Db,
  action: PersonAction,
  verdict: { readonly ksefNumber: string } | { readonly rejected: true },
): Promise<ResolveResult> {
  return await inTransaction(db.pool, async (tx): Promise<ResolveResult> => {
    const { held, refused } = await lockHeld(tx, { ids: [action.invoiceId] }, action.sellers);
    const [{ cause } = { cause: null }] = held;
    if (cause === null) return refusalOf(refused);
    if (cause !== 'duplicate_unknown') return { kind: 'notADuplicate', cause };
    return 'ksefNumber' in verdict
      ? resolveCleared(tx, action, verdict.ksefNumber)
      : resolveRejected(tx, action);
  });
}

async function resolveCleared(tx: Tx, action: PersonAction, ksefNumber: string): Promise<ResolveResult> {
  if (!isKsefNumber(ksefNumber)) return { kind: 'invalidNumber' };
  const taken = await tx.query('SELECT FROM invoices WHERE ksef_number = $1', [ksefNumber]);
  if (taken.rowCount !== 0) return { kind: 'numberTaken' };
  await tx.query(
    `UPDATE invoices SET state = 'cleared', ksef_number = $3, hold_cause = NULL, held_at = NULL, settled_at = $2
     WHERE id = $1`,
    [action.invoiceId, action.now, ksefNumber],
  );
  await tally(tx, { cleared: 1 });
  await noteResolved(tx, action, { ksefNumber });
  return { kind: 'done' };
}

async function resolveRejected(tx: Tx, action: PersonAction): Promise<ResolveResult> {
  await tx.query(
    `UPDATE invoices SET state = 'rejected', hold_cause = NULL, held_at = NULL, settled_at = $2 WHERE id = $1`,
    [action.invoiceId, action.now],
  );
  await tally(tx, { rejected: 1 });
  await noteResolved(tx, action, { rejected: true });
  return { kind: 'done' };
}

async function noteResolved(
  tx: Tx,
  { invoiceId, actor, now }: PersonAction,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await recordEvent(tx, { at: now, type: 'invoice.resolved', actor, invoiceId, detail });
}

function refusalOf([refusal]: HeldFound['refused']): ActionRefusal {
  if (refusal?.kind === 'notHeld') return { kind: 'notHeld', state: refusal.state };
  return { kind: refusal?.kind ?? 'notFound' };
}

async function note(
  tx: Tx,
  { actor, now }: Acting,
  type: EventType,
  held: readonly HeldInvoice[],
): Promise<void> {
  const causes = new Map(held.map(({ id, cause }) => [id, cause]));
  await recordInvoicesEvent(tx, [...causes.keys()], { at: now, type, actor }, (id) => ({
    cause: causes.get(id),
  }));
}
