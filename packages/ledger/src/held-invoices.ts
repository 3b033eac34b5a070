/** Held invoices under lock: those that were named, or those that one cause holds. */
import type { HoldCause, InvoiceState, Lane } from '@wsad/domain';
import type { Tx } from './db.ts';
import { isUuid } from './ids.ts';
import { anew } from './kept-plans.ts';
import { type VisibleSellers, visibleNips } from './queries/visible.ts';
import { HELD } from './stages.ts';

export type HeldChoice =
  | { readonly ids: readonly string[] }
  | { readonly nip: string; readonly holdCause: HoldCause };

export type ActionRefusal =
  | { readonly kind: 'notFound' }
  | { readonly kind: 'notHeld'; readonly state: InvoiceState }
  /** Only where it is to be sent again. */
  | { readonly kind: 'payloadDamaged' };

export interface HeldInvoice extends Lane {
  readonly id: string;
  readonly cause: HoldCause;
}

export interface HeldFound {
  readonly held: readonly HeldInvoice[];
  readonly refused: readonly (ActionRefusal & { readonly id: string })[];
  /** The cause holds more than are locked at once. */
  readonly more: boolean;
}

/** So many at once: whoever waits for one of them waits for all. */
const HELD_AT_ONCE_MAX = 1000;

export async function lockHeld(tx: Tx, choice: HeldChoice, sellers: VisibleSellers): Promise<HeldFound> {
  return 'ids' in choice
    ? await lockNamed(tx, choice.ids, visibleNips(sellers))
    : await lockByCause(tx, choice, visibleNips(sellers));
}

type LockedRow = Omit<HeldInvoice, 'cause'> & {
  readonly state: InvoiceState;
  readonly cause: HoldCause | null;
};

const COLUMNS = 'id, nip, form, mode, state, hold_cause AS cause';

async function lockNamed(tx: Tx, ids: readonly string[], nips: readonly string[] | null): Promise<HeldFound> {
  const { rows } = await tx.query<LockedRow>(
    `SELECT ${COLUMNS} FROM invoices
     WHERE id = ANY ($1::uuid[]) AND ($2::text[] IS NULL OR nip = ANY ($2)) ORDER BY id FOR UPDATE`,
    [ids.filter(isUuid), nips],
  );
  const here = new Set(rows.map(({ id }) => id));
  const missing = [...new Set(ids)].filter((id) => !here.has(id.toLowerCase()));
  return {
    held: rows.flatMap(heldOf),
    refused: [
      ...missing.map((id) => ({ id, kind: 'notFound' }) as const),
      ...rows.flatMap(({ id, state, cause }) =>
        cause === null ? [{ id, kind: 'notHeld', state } as const] : [],
      ),
    ],
    more: false,
  };
}

async function lockByCause(
  tx: Tx,
  { nip, holdCause }: { readonly nip: string; readonly holdCause: HoldCause },
  nips: readonly string[] | null,
): Promise<HeldFound> {
  const { rows } = await tx.query<LockedRow>(
    anew(`SELECT ${COLUMNS} FROM invoices
     WHERE nip = $1 AND ${HELD} AND hold_cause = $2 AND ($3::text[] IS NULL OR nip = ANY ($3))
     ORDER BY id LIMIT $4 FOR UPDATE`),
    [nip, holdCause, nips, HELD_AT_ONCE_MAX + 1],
  );
  return {
    held: rows.slice(0, HELD_AT_ONCE_MAX).flatMap(heldOf),
    refused: [],
    more: rows.length > HELD_AT_ONCE_MAX,
  };
}

function heldOf({ id, nip, form, mode, cause }: LockedRow): HeldInvoice[] {
  return cause === null ? [] : [{ id, nip, form, mode, cause }];
}
