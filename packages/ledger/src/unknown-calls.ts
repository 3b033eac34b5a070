import type { KsefOperation, ListedSession } from '@wsad/domain';
import type { Db, Tx } from './db.ts';
import { countersOf } from './pacing.ts';
import { rateLimits } from './rate-limits.ts';

/** The longest window of KSeF, and how far its clock may be from ours. */
const COUNTED_MS = 3_600_000;
const CLOCKS_APART_MS = 5_000;

/**
 * Calls that this ledger does not know of were made all the same, and KSeF counts them: the sessions that it lists show
 * the scarce ones. A session's last activity is no earlier than its closing and the last of its invoices.
 */
export async function chargeUnknownCalls(
  db: Db,
  tx: Tx,
  nip: string,
  sessions: readonly ListedSession[],
  now: Date,
): Promise<void> {
  const inForce = await rateLimits(db, nip);
  const calls = sessions.flatMap(callsOf).filter(({ at }) => now.getTime() - at.getTime() < COUNTED_MS);
  const charged = calls.flatMap(({ operation, at, times }) =>
    countersOf(operation, nip, db.egress, inForce).flatMap(({ counter }) =>
      Array.from({ length: times }, () => ({ counter, at: new Date(at.getTime() + CLOCKS_APART_MS) })),
    ),
  );
  await tx.query(
    `INSERT INTO call_slots (counter, taken_at, answered_at)
     SELECT counter, at, at FROM unnest($1::text[], $2::timestamptz[]) AS charged (counter, at)`,
    [charged.map(({ counter }) => counter), charged.map(({ at }) => at)],
  );
}

interface Calls {
  readonly operation: KsefOperation;
  readonly at: Date;
  readonly times: number;
}

function callsOf({ kind, openedAt, updatedAt, invoiceCount }: ListedSession): Calls[] {
  if (kind === 'batch')
    return [
      { operation: 'openBatch', at: openedAt, times: 1 },
      { operation: 'closeBatch', at: updatedAt, times: 1 },
    ];
  return [
    { operation: 'openOnline', at: openedAt, times: 1 },
    { operation: 'sendInvoice', at: updatedAt, times: invoiceCount },
    { operation: 'closeOnline', at: updatedAt, times: 1 },
  ];
}
