import { type HoldCause, type Lane, SENDING_ATTEMPTS_MAX } from '@wsad/domain';
import type { Tx } from './db.ts';
import { recordInvoicesEvent } from './events.ts';
import { HELD } from './stages.ts';

/** How many held invoices went back in line, and whose bells to ring. */
export interface Released {
  readonly released: number;
  readonly lanes: readonly Lane[];
}

interface ReleasedRow extends Lane {
  readonly id: string;
  readonly cause: HoldCause;
}

/** What was cured, by what, and by whom. */
export interface Cured {
  readonly causes: readonly HoldCause[];
  readonly cure: 'credentials' | 'login' | 'consent';
  readonly actor: string;
}

/**
 * Puts what the sellers' invoices are held for by one of these causes back in line, due at once. A permission that KSeF
 * missed when it judged the invoice shows in no login: such a one, still bound to its session, stays for a person, and
 * so does an attachment that KSeF refuses however often it says that it may go.
 */
export async function releaseHeld(
  tx: Tx,
  nips: readonly string[],
  { causes, cure, actor }: Cured,
  at: Date,
): Promise<Released> {
  const { rows } = await tx.query<ReleasedRow>(
    `UPDATE invoices SET state = 'accepted', hold_cause = NULL, hold_detail = NULL, held_at = NULL, due_at = $3
     FROM (
       SELECT id, hold_cause AS cause FROM invoices WHERE nip = ANY ($1) AND ${HELD} AND hold_cause = ANY ($2)
         AND (hold_cause <> 'permission_missing' OR session_id IS NULL)
         AND (hold_cause <> 'attachment_consent' OR attempts < $4)
       ORDER BY id FOR UPDATE
     ) AS kept
     WHERE invoices.id = kept.id
     RETURNING invoices.id, nip, form, mode, cause`,
    [nips, causes, at, SENDING_ATTEMPTS_MAX],
  );
  const causeOf = new Map(rows.map(({ id, cause }) => [id, cause]));
  await recordInvoicesEvent(tx, [...causeOf.keys()], { at, type: 'invoice.released', actor }, (id) => ({
    cause: causeOf.get(id),
    cure,
  }));
  return { released: rows.length, lanes: lanesOf(rows) };
}

export function lanesOf(rows: readonly Lane[]): Lane[] {
  const lanes = new Map(rows.map(({ nip, form, mode }) => [`${nip}|${form}|${mode}`, { nip, form, mode }]));
  return [...lanes.values()];
}
