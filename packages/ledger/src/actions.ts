import { type HoldCause, type InvoiceState, isKsefNumber, type Lane } from '@wsad/domain';
import { forgetConsent } from './attachment-consents.ts';
import { type Db, inTransaction, type Tx } from './db.ts';
import type { EventType } from './event-types.ts';
import { recordEvent } from './events.ts';
import { isUuid } from './ids.ts';
import { forgetTokens } from './login.ts';
import { type VisibleSellers, visibleNips } from './queries/visible.ts';
import { tally } from './tallies.ts';

/** A person acts on a held invoice: who, when, and whose invoices are theirs to act on. */
export interface PersonAction {
  readonly invoiceId: string;
  readonly actor: string;
  readonly now: Date;
  readonly sellers: VisibleSellers;
}

export type ActionRefusal =
  | { readonly kind: 'notFound' }
  | { readonly kind: 'notHeld'; readonly state: InvoiceState };

export type RetryResult = { readonly kind: 'done'; readonly lane: Lane } | ActionRefusal;
export type WithdrawResult = { readonly kind: 'done' } | ActionRefusal;
export type ResolveResult =
  | { readonly kind: 'done' }
  | ActionRefusal
  | { readonly kind: 'notADuplicate'; readonly cause: HoldCause }
  | { readonly kind: 'invalidNumber' }
  | { readonly kind: 'numberTaken' };

/**
 * Back in line with its attempts forgotten, and with the pause after them: what is dated ahead was never attempted, and
 * keeps its day. A login that KSeF refused, or that lacks a permission, is opened anew.
 */
export async function retryHeld(db: Db, action: PersonAction): Promise<RetryResult> {
  return onHeld(db, action, async (tx, held) => {
    await tx.query(
      `UPDATE invoices SET state = 'accepted', hold_cause = NULL, hold_detail = NULL, held_at = NULL, attempts = 0,
         session_id = NULL, trial_id = NULL, due_at = $2,
         not_before = CASE WHEN attempts > 0 OR trial_id IS NOT NULL THEN least(not_before, $2) ELSE not_before END
       WHERE id = $1`,
      [action.invoiceId, action.now],
    );
    if (held.cause === 'login_refused' || held.cause === 'login_blocked') {
      await reopenLogin(tx, action, held.nip);
    }
    if (held.cause === 'permission_missing') await forgetTokens(tx, held.nip);
    if (held.cause === 'attachment_consent') await forgetConsent(tx, held.nip);
    await note(tx, action, 'invoice.retried', { cause: held.cause });
    return { kind: 'done', lane: { nip: held.nip, form: held.form, mode: held.mode } };
  });
}

async function reopenLogin(tx: Tx, { invoiceId, actor, now }: PersonAction, nip: string): Promise<void> {
  const { rowCount } = await tx.query(
    `UPDATE authentications SET state = 'none' WHERE nip = $1 AND state IN ('refused', 'blocked')`,
    [nip],
  );
  if (rowCount === 0) return;
  await recordEvent(tx, { at: now, type: 'login.asked', actor, nip, detail: { invoiceId } });
}

/** Taken out for good. */
export async function withdrawHeld(db: Db, action: PersonAction): Promise<WithdrawResult> {
  return onHeld(db, action, async (tx, held) => {
    await tx.query(
      `UPDATE invoices SET state = 'withdrawn', hold_cause = NULL, held_at = NULL, settled_at = $2 WHERE id = $1`,
      [action.invoiceId, action.now],
    );
    await tally(tx, { withdrawn: 1 });
    await note(tx, action, 'invoice.withdrawnBy', { cause: held.cause });
    return { kind: 'done' };
  });
}

/** A person's verdict on a duplicate that could not be told. */
export async function resolveHeld(
  db: Db,
  action: PersonAction,
  verdict: { readonly ksefNumber: string } | { readonly rejected: true },
): Promise<ResolveResult> {
  return onHeld(db, action, async (tx, held): Promise<ResolveResult> => {
    if (held.cause !== 'duplicate_unknown') return { kind: 'notADuplicate', cause: held.cause };
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
  await note(tx, action, 'invoice.resolved', { ksefNumber });
  return { kind: 'done' };
}

async function resolveRejected(tx: Tx, action: PersonAction): Promise<ResolveResult> {
  await tx.query(
    `UPDATE invoices SET state = 'rejected', hold_cause = NULL, held_at = NULL, settled_at = $2 WHERE id = $1`,
    [action.invoiceId, action.now],
  );
  await tally(tx, { rejected: 1 });
  await note(tx, action, 'invoice.resolved', { rejected: true });
  return { kind: 'done' };
}

interface HeldInvoice extends Lane {
  readonly state: InvoiceState;
  readonly cause: HoldCause;
}

async function onHeld<Result>(
  db: Db,
  action: PersonAction,
  act: (tx: Tx, held: HeldInvoice) => Promise<Result>,
): Promise<Result | ActionRefusal> {
  if (!isUuid(action.invoiceId)) return { kind: 'notFound' };
  return inTransaction(db.pool, async (tx) => {
    const { rows } = await tx.query<HeldInvoice>(
      `SELECT nip, form, mode, state, hold_cause AS cause FROM invoices
       WHERE id = $1 AND ($2::text[] IS NULL OR nip = ANY ($2)) FOR UPDATE`,
      [action.invoiceId, visibleNips(action.sellers)],
    );
    const [held] = rows;
    if (held === undefined) return { kind: 'notFound' };
    if (held.state !== 'held') return { kind: 'notHeld', state: held.state };
    return act(tx, held);
  });
}

async function note(
  tx: Tx,
  action: PersonAction,
  type: EventType,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await recordEvent(tx, { at: action.now, type, actor: action.actor, invoiceId: action.invoiceId, detail });
}
