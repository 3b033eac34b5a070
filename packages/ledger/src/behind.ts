/** That the ledger is behind KSeF: said for all sellers or one, said anew for new credentials, and unsaid by a person. */
import { RECONCILIATION_MARGIN_MS } from '@wsad/domain';
import { type Db, inTransaction, storable, type Tx } from './db.ts';
import { recordEvent } from './events.ts';
import { abandonLocked } from './giving-up.ts';
import { ranOut } from './leases.ts';
import { ensureSeller } from './sellers.ts';

export interface Behind {
  readonly since: Date;
  readonly actor: string;
  readonly now: Date;
}

/**
 * This ledger does not know all that KSeF got since then, for any seller, those included that come to be known later.
 * Until KSeF was asked nothing of a seller is begun. A time that was still to be looked through is not forgotten.
 */
export async function markBehind(tx: Tx, { since, actor, now }: Behind): Promise<void> {
  const until = new Date(now.getTime() + RECONCILIATION_MARGIN_MS);
  await tx.query(
    'UPDATE settings SET behind_since = least(coalesce(behind_since, $1), $1), behind_until = $2',
    [since, until],
  );
  await tx.query(
    `INSERT INTO reconciliations AS earlier (nip, since, until, actor, asked_at, next_at, batch_until, interactive_until)
     SELECT nip, $1, $2, $3, $4, $4, $2, $2 FROM sellers
     ON CONFLICT (nip) DO UPDATE SET
       since = CASE WHEN earlier.done_at IS NULL THEN least(earlier.since, $1) ELSE $1 END,
       until = $2, actor = $3, asked_at = $4, ${ANEW}`,
    [since, until, storable(actor), now],
  );
  await recordEvent(tx, { at: now, type: 'ledger.behind', actor, detail: { since } });
}

/** All of its time is to be listed. */
const ANEW =
  'tries = 0, last_error = NULL, done_at = NULL, next_at = excluded.next_at, batch_until = excluded.until, interactive_until = excluded.until';

/** `markBehind` for one seller, which is made where it is new, or for all. What was claimed goes back in line. */
export async function askReconciliation(
  db: Db,
  ask: Behind & { readonly nip: string | null },
): Promise<void> {
  const { nip, since, actor, now } = ask;
  await inTransaction(db.pool, async (tx) => {
    if (nip === null) await markBehind(tx, ask);
    else {
      await ensureSeller(tx, nip, now);
      await tx.query(
        `INSERT INTO reconciliations (nip, since, until, actor, asked_at, next_at, batch_until, interactive_until)
         VALUES ($1, $2, $3, $4, $5, $5, $3, $3)
         ON CONFLICT (nip) DO UPDATE SET since = $2, until = $3, actor = $4, asked_at = $5, ${ANEW}`,
        [nip, since, new Date(now.getTime() + RECONCILIATION_MARGIN_MS), storable(actor), now],
      );
      await recordEvent(tx, { at: now, type: 'seller.behind', actor, nip, detail: { since } });
    }
    await giveUpClaimed(tx, nip, 'KSeF is asked first what it has', now);
  });
}

/** Sessions that nobody has begun to open: KSeF may have their invoices already, so they wait in line until that is known. */
export async function giveUpClaimed(tx: Tx, nip: string | null, why: string, now: Date): Promise<void> {
  const { rows } = await tx.query<{ id: string; nip: string; reference: null }>(
    `UPDATE sessions SET fence = fence + 1 WHERE state = 'claimed' AND ($1::text IS NULL OR nip = $1)
       AND ${ranOut('lease_until', '$2')} RETURNING id, nip, reference`,
    [nip, now],
  );
  for (const session of rows) await abandonLocked(tx, session.id, session, why, now);
}

/** New credentials may be another subject's, to whom KSeF lists other sessions. */
export async function reconcileAnew(tx: Tx, nips: readonly string[], now: Date): Promise<void> {
  await tx.query(
    `UPDATE reconciliations SET asked_at = $2, next_at = $2, tries = 0, last_error = NULL, done_at = NULL,
       batch_until = until, interactive_until = until
     WHERE nip = ANY ($1)`,
    [nips, now],
  );
}

/** A person says that it is not to be waited for: KSeF's answers to what is sent will have to tell. False where nobody waits. */
export async function skipReconciliation(
  db: Db,
  { nip, actor, now }: { readonly nip: string; readonly actor: string; readonly now: Date },
): Promise<boolean> {
  return await inTransaction(db.pool, async (tx) => {
    const { rowCount } = await tx.query(
      'UPDATE reconciliations SET done_at = $2 WHERE nip = $1 AND done_at IS NULL',
      [nip, now],
    );
    if (rowCount === 1) await recordEvent(tx, { at: now, type: 'seller.reconciliationSkipped', actor, nip });
    return rowCount === 1;
  });
}
