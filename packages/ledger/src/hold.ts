import { HOLDS_CURED_BY_CREDENTIALS, type HoldCause } from '@wsad/domain';
import { type Db, inTransaction, storable, type Tx } from './db.ts';
import { recordInvoicesEvent } from './events.ts';
import { lockSeller } from './sellers.ts';
import { WAITING } from './stages.ts';

/**
 * Puts every `accepted` invoice of the seller on hold, those dated ahead included; answers how many. For a cause that
 * new credentials cure it does nothing unless the credentials in use are missing, refused (see `failLogin`) or lack the
 * permission: they may have been replaced since, and nobody would release these invoices again. `byCall`: KSeF refused
 * a call for want of a permission, whatever the login claims. What comes back into line while this waits for a verdict is
 * not held: the next one who wants to send it meets the same trouble, and holds it then.
 */
export async function holdSeller(
  db: Db,
  nip: string,
  cause: HoldCause,
  detail: string,
  now: Date,
  known: { readonly byCall: boolean } = { byCall: false },
): Promise<number> {
  return inTransaction(db.pool, async (tx) => {
    // Before the lock that it shares with accepting: what is being accepted is held too, or comes after it.
    await tx.query('SELECT FROM sellers WHERE nip = $1 FOR NO KEY UPDATE', [nip]);
    const seller = await lockSeller(tx, nip, now);
    if (!known.byCall && HOLDS_CURED_BY_CREDENTIALS.includes(cause) && seller.holdCause === null) return 0;
    return await holdAccepted(tx, nip, cause, detail, now);
  });
}

/** Under the seller's lock. */
export async function holdAccepted(
  tx: Tx,
  nip: string,
  cause: HoldCause,
  detail: string,
  now: Date,
): Promise<number> {
  const { rows } = await tx.query<{ id: string }>(
    `UPDATE invoices SET state = 'held', hold_cause = $2, hold_detail = $3, held_at = $4
     WHERE id IN (SELECT id FROM invoices WHERE nip = $1 AND ${WAITING} ORDER BY id FOR UPDATE)
     RETURNING id`,
    [nip, cause, storable(detail), now],
  );
  const ids = rows.map((row) => row.id);
  await recordInvoicesEvent(tx, ids, { at: now, type: 'invoice.held', nip }, () => ({ cause, detail }));
  return ids.length;
}
