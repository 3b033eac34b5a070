/**
 * Condition under which something of the seller may be begun: neither it nor everything is paused, and KSeF has been
 * asked what it holds where this ledger may not know.
 */
export function mayBegin(nip: string): string {
  return `NOT EXISTS (
    SELECT FROM settings WHERE settings.paused_at IS NOT NULL
    UNION ALL SELECT FROM sellers WHERE sellers.nip = ${nip} AND sellers.paused_at IS NOT NULL
    UNION ALL SELECT FROM reconciliations WHERE reconciliations.nip = ${nip} AND done_at IS NULL
  )`;
}
