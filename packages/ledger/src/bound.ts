import { PIECE_ROWS, pieces } from '@wsad/domain';
import { arrayText, type Db, type Tx } from './db.ts';

/** The ids of everything that was ever put into the session that is $1. */
export const MEMBER_IDS = 'ARRAY(SELECT invoice_id FROM session_members WHERE session_id = $1)';

/**
 * The ids of those that are still under way in it, which it locks, in the order that everybody keeps. Both are arrays on
 * purpose: by id every step is a look-up in the primary key, whatever the statistics say, while a join can end in a plan that
 * compares all with all.
 */
export const BOUND_IDS = boundAmong(MEMBER_IDS);

/** The same of an array of ids alone. */
export function boundAmong(ids: string): string {
  return `ARRAY(
    SELECT id FROM invoices
    WHERE id = ANY (${ids}) AND session_id = $1 AND state IN ('sending', 'processing')
    ORDER BY id FOR UPDATE)`;
}

/** Locks the invoices that are in this session and still under way, and answers their ids. */
export async function lockBound(tx: Tx, sessionId: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(`SELECT unnest(${BOUND_IDS}) AS id`, [sessionId]);
  return rows.map((row) => row.id);
}

/**
 * Everything that was ever put into a session of so many, piece by piece in the order in which everybody locks it: null for
 * all of a small one, of which the ids need not be asked first.
 */
export async function* memberPieces(
  db: Db,
  tx: Tx,
  sessionId: string,
  invoices: number,
): AsyncGenerator<string | null> {
  if (invoices <= PIECE_ROWS) return yield null;
  const { rows } = await tx.query<{ id: string }>(
    'SELECT invoice_id AS id FROM session_members WHERE session_id = $1 ORDER BY invoice_id',
    [sessionId],
  );
  for await (const piece of pieces(rows, db.giveWay)) yield arrayText(piece.map(({ id }) => id));
}

/** The ids of such a piece, which is $2. */
export const PIECE_IDS = `coalesce($2::uuid[], ${MEMBER_IDS})`;
