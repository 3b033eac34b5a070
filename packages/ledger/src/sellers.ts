import { type HoldCause, sendingForbidden } from '@wsad/domain';
import type { Tx } from './db.ts';
import { SYSTEM_ACTOR } from './events.ts';

/** Why a seller's new invoices cannot go out now, from its credentials and its login; null where they can. */
export interface SellerLock {
  readonly holdCause: HoldCause | null;
  /** What KSeF said when it refused the login, or what the login lacks. */
  readonly holdDetail: string | null;
}

/** Each way by its own index: of a condition on both, PostgreSQL would look at the credentials of all sellers. */
const CURRENT_CREDENTIAL = `
  LEFT JOIN credentials ON credentials.id =
    CASE WHEN sellers.shared_name IS NULL
      THEN (SELECT own.id FROM credentials AS own WHERE own.nip = sellers.nip AND own.retired_at IS NULL)
      ELSE (SELECT shared.id FROM credentials AS shared
            WHERE shared.shared_name = sellers.shared_name AND shared.retired_at IS NULL) END`;

/** `FROM sellers` with the credential in use, if any, and its login, if there has been one. */
export const SELLERS_WITH_LOGIN = `
  FROM sellers ${CURRENT_CREDENTIAL}
  LEFT JOIN authentications ON authentications.nip = sellers.nip AND authentications.credential_id = credentials.id`;

export async function ensureSeller(tx: Tx, nip: string, now: Date): Promise<void> {
  const { rowCount } = await tx.query(
    'INSERT INTO sellers (nip, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [nip, now],
  );
  if (rowCount === 1) await reconcileNewSeller(tx, nip, now);
}

/** New to a ledger that was once behind KSeF: it may be the ledger alone that does not know it. */
async function reconcileNewSeller(tx: Tx, nip: string, now: Date): Promise<void> {
  await tx.query(
    `INSERT INTO reconciliations (nip, since, until, actor, asked_at, next_at, batch_until, interactive_until)
     SELECT $1, behind_since, behind_until, $3, $2, $2, behind_until, behind_until
     FROM settings WHERE behind_since IS NOT NULL`,
    [nip, now, SYSTEM_ACTOR],
  );
}

/**
 * Makes the seller where it is new and keeps its credentials as they are until the transaction ends: invoices held
 * for want of credentials while those are being put would wait for ever.
 */
export async function lockSeller(tx: Tx, nip: string, now: Date): Promise<SellerLock> {
  await ensureSeller(tx, nip, now);
  await tx.query('SELECT FROM sellers WHERE nip = $1 FOR SHARE', [nip]);
  const { rows } = await tx.query<LoginRow>(
    `SELECT credentials.id AS credential, authentications.state, authentications.last_error AS error,
       permissions
     ${SELLERS_WITH_LOGIN} WHERE sellers.nip = $1`,
    [nip],
  );
  return rows[0] === undefined ? WITHOUT_CREDENTIALS : lockOf(rows[0]);
}

interface LoginRow {
  credential: string | null;
  state: string | null;
  error: string | null;
  permissions: string[] | null;
}

const WITHOUT_CREDENTIALS: SellerLock = { holdCause: 'no_credentials', holdDetail: null };

function lockOf({ credential, state, error, permissions }: LoginRow): SellerLock {
  if (credential === null) return WITHOUT_CREDENTIALS;
  if (state === 'refused') return { holdCause: 'login_refused', holdDetail: error };
  if (state === 'blocked') return { holdCause: 'login_blocked', holdDetail: error };
  const forbidden = sendingForbidden(permissions);
  return { holdCause: forbidden === null ? null : 'permission_missing', holdDetail: forbidden };
}
