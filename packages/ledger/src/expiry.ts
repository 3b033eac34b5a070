import type { RunningOut } from '@wsad/domain';
import { type Db, inTransaction } from './db.ts';

/** A day, less the time that the rounds who ask lie apart, so that the hour does not wander. */
const TOLD_AGAIN_AFTER_MS = 23.5 * 3_600_000;

/**
 * Certificates in use that end before `until`, each once a day, over all processes: whoever is answered a certificate
 * is the one who tells.
 */
export async function certificatesRunningOut(db: Db, now: Date, until: Date): Promise<RunningOut[]> {
  const toldBefore = new Date(now.getTime() - TOLD_AGAIN_AFTER_MS);
  return inTransaction(db.pool, async (tx) => {
    const logins = await tx.query<RunningOut>(
      `UPDATE credentials SET expiry_told_at = $1
       WHERE retired_at IS NULL AND valid_to < $2 AND (expiry_told_at IS NULL OR expiry_told_at <= $3)
       RETURNING nip, shared_name AS "sharedName", 'login' AS use, valid_to AS "validTo"`,
      [now, until, toldBefore],
    );
    const offline = await tx.query<RunningOut>(
      `UPDATE offline_certificates SET expiry_told_at = $1
       WHERE valid_to < $2 AND (expiry_told_at IS NULL OR expiry_told_at <= $3)
       RETURNING nip, NULL AS "sharedName", 'offline' AS use, valid_to AS "validTo"`,
      [now, until, toldBefore],
    );
    return [...logins.rows, ...offline.rows];
  });
}
