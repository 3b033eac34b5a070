import type { Tx } from './db.ts';

/**
 * Locks the invoices that are in this session and still under way, in the order that everybody keeps, and answers
 * their ids. Ids travel out and in again on purpose: by id every step is a look-up in the primary key, whatever the
 * statistics say, while a join can end in a plan that compares all with all.
 */
export async function lockBound(tx: Tx, sessionId: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `SELECT id FROM invoices
     WHERE id = ANY ($2::uuid[]) AND session_id = $1 AND state IN ('sending', 'processing')
     ORDER BY id FOR UPDATE`,
    [sessionId, await memberIds(tx, sessionId)],
  );
  return rows.map((row) => row.id);
}

/** Everything that was ever put into this session. */
export async function memberIds(tx: Tx, sessionId: string): Promise<string[]> {
  const { rows } = await tx.query<{ invoice_id: string }>(
    'SELECT invoice_id FROM session_members WHERE session_id = $1',
    [sessionId],
  );
  return rows.map((row) => row.invoice_id);
}
