import { type InvoiceSettlement, type InvoiceState, pieces } from '@wsad/domain';
import { memberPieces, PIECE_IDS } from './bound.ts';
import { arrayText, type Db, type Tx } from './db.ts';

/** A member of the session, locked. */
export interface SettleTarget {
  readonly id: string;
  readonly sha256: string;
  readonly state: InvoiceState;
  /** The session it is in now; another one, or none, where it has left. */
  readonly sessionId: string | null;
  readonly ksefNumber: string | null;
}

/** Everything that was ever put into the session, locked in the order that everybody keeps. */
export async function settleTargets(
  db: Db,
  tx: Tx,
  sessionId: string,
  invoices: number,
): Promise<SettleTarget[]> {
  const targets: SettleTarget[] = [];
  for await (const ids of memberPieces(db, tx, sessionId, invoices)) {
    const { rows } = await tx.query<SettleTarget>(
      `SELECT id, sha256, state, session_id AS "sessionId", ksef_number AS "ksefNumber"
       FROM invoices WHERE id = ANY (${PIECE_IDS}) ORDER BY id FOR UPDATE`,
      [sessionId, ids],
    );
    targets.push(...rows);
  }
  return targets;
}

/** Which of the settlements' KSeF numbers our invoices have already, and which invoice has each: one look-up for each. */
export async function numbersTaken(
  db: Db,
  tx: Tx,
  settlements: readonly InvoiceSettlement[],
): Promise<Map<string, string>> {
  const numbers = settlements.flatMap(({ outcome }) =>
    outcome.state === 'cleared' ? [outcome.ksefNumber] : [],
  );
  const owners = new Map<string, string>();
  for await (const some of pieces(numbers, db.giveWay)) {
    const { rows } = await tx.query<{ ksef_number: string; id: string }>(
      `SELECT ksef_number, id FROM unnest($1::text[]) AS given (taken)
       CROSS JOIN LATERAL (SELECT ksef_number, id FROM invoices WHERE ksef_number = taken LIMIT 1) AS owner`,
      [arrayText(some)],
    );
    for (const row of rows) owners.set(row.ksef_number, row.id);
  }
  return owners;
}
