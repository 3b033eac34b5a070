import { RECONCILIATION_MARGIN_MS } from '@wsad/domain';
import { giveUpClaimed, markBehind } from './behind.ts';
import { type Db, inTransaction, type Tx } from './db.ts';
import { NothingRestored } from './errors.ts';
import { recordEvent } from './events.ts';

const WHY = 'the ledger was put back from a backup';

/**
 * This ledger was put back as it was some time ago. What happened since its last event it does not know: a session that
 * it thinks open may have been closed, so it can only be closed, and KSeF's own list decides what goes again; one that it
 * thinks not opened may have been, so its invoices wait until KSeF was asked. Answers since when that is.
 */
export async function markRestored(db: Db, actor: string, now: Date): Promise<{ since: Date }> {
  return await inTransaction(db.pool, async (tx) => {
    const since = await lastKnown(tx);
    await tx.query(
      `UPDATE sessions SET lease_owner = NULL, lease_until = NULL, send_after = NULL, fence = fence + 1
       WHERE state IN ('claimed', 'opened', 'closing')`,
    );
    await tx.query('UPDATE authentications SET login_owner = NULL, login_until = NULL');
    await giveUpClaimed(tx, null, WHY, now);
    await closeOpened(tx, now);
    await markBehind(tx, { since, actor, now });
    return { since };
  });
}

async function lastKnown(tx: Tx): Promise<Date> {
  const { rows } = await tx.query<{ at: Date }>('SELECT at FROM events ORDER BY id DESC LIMIT 1');
  const [last] = rows;
  if (last === undefined) throw new NothingRestored();
  return new Date(last.at.getTime() - RECONCILIATION_MARGIN_MS);
}

async function closeOpened(tx: Tx, now: Date): Promise<void> {
  const { rows } = await tx.query<{ id: string; nip: string }>(
    `UPDATE sessions SET state = 'closing', closing_at = $1 WHERE state = 'opened' RETURNING id, nip`,
    [now],
  );
  for (const { id, nip } of rows)
    await recordEvent(tx, { at: now, type: 'session.closing', nip, sessionId: id, detail: { why: WHY } });
}
