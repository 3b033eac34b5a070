import type { InvoiceSettlement, InvoiceState } from '@wsad/domain';
import type { Tx } from './db.ts';

/** A member of the session that a settlement speaks of, locked. */
export interface SettleTarget {
  readonly id: string;
  readonly sha256: string;
  readonly state: InvoiceState;
  /** The session it is in now; another one, or none, where it has left. */
  readonly sessionId: string | null;
  readonly ksefNumber: string | null;
}

/** Members with the hashes of the settlements, locked in the order that everybody keeps. */
export async function settleTargets(
  tx: Tx,
  sessionId: string,
  settlements: readonly InvoiceSettlement[],
): Promise<SettleTarget[]> {
  if (settlements.length === 0) return [];
  const { rows } = await tx.query<SettleTarget>(
    `SELECT invoices.id, sha256, state, invoices.session_id AS "sessionId", ksef_number AS "ksefNumber"
     FROM session_members JOIN invoices ON invoices.id = session_members.invoice_id
     WHERE session_members.session_id = $1 AND sha256 IN (SELECT unnest($2::text[]))
     ORDER BY invoices.id FOR UPDATE OF invoices`,
    [sessionId, settlements.map((settlement) => settlement.sha256)],
  );
  return rows;
}

/** Which of the settlements' KSeF numbers our invoices have already, and which invoice has each. */
export async function numbersTaken(
  tx: Tx,
  settlements: readonly InvoiceSettlement[],
): Promise<Map<string, string>> {
  const numbers = settlements.flatMap(({ outcome }) =>
    outcome.state === 'cleared' ? [outcome.ksefNumber] : [],
  );
  if (numbers.length === 0) return new Map();
  const { rows } = await tx.query<{ ksef_number: string; id: string }>(
    'SELECT ksef_number, id FROM unnest($1::text[]) AS given (taken) JOIN invoices ON ksef_number = taken',
    [numbers],
  );
  return new Map(rows.map((row) => [row.ksef_number, row.id]));
}
