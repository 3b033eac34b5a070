import type { AuthenticationState, CertificateFacts, Permissions } from '@wsad/domain';
import { CERTIFICATE_COLUMNS, type CertificateRow, certificateFacts } from '../certificates.ts';
import { type Connection, connection } from '../connection.ts';
import type { Db } from '../db.ts';
import { type SellerDeadlines, sellerDeadlines } from '../deadlines.ts';
import { SELLERS_WITH_LOGIN } from '../sellers.ts';
import { type LimitUse, limitUse } from './limit-use.ts';
import { nextDispatchAt } from './next-dispatch.ts';

export interface SellerStatus extends SellerDeadlines {
  readonly nip: string;
  readonly credentials: 'own' | 'shared' | 'none';
  readonly authentication: {
    readonly state: AuthenticationState;
    readonly method: string | null;
    /** Until when KSeF's login lasts without logging in anew. */
    readonly validUntil: Date | null;
    readonly permissions: Permissions;
    readonly lastError: string | null;
    /** Null where it is none that logs in. */
    readonly certificate: CertificateFacts | null;
  };
  readonly connection: Connection;
  /** KSeF is asked what it got since then, and nothing is begun before; null where this ledger knows. */
  readonly reconciling: { readonly since: Date; readonly lastError: string | null } | null;
  readonly paused: boolean;
  readonly systemPaused: boolean;
  /** Accepted, and not at an end or held. */
  readonly pending: number;
  readonly held: number;
  /** KSeF's words on a sent session that it lets no login of the seller see or close; null where there is none. */
  readonly shutOut: string | null;
  readonly nextDispatchAt: Date | null;
  readonly limits: readonly LimitUse[];
}

/** Null where the seller is not known. Ask first whether the caller may see it. */
export async function sellerStatus(db: Db, nip: string, now: Date): Promise<SellerStatus | null> {
  const { rows } = await db.pool.query<StatusRow>(
    `SELECT sellers.shared_name, credentials.id AS credential, sellers.paused_at IS NOT NULL AS paused,
       EXISTS (SELECT FROM settings WHERE paused_at IS NOT NULL) AS system_paused,
       reconciliations.since AS behind_since, reconciliations.last_error AS behind_error,
       (SELECT shut_out FROM sessions WHERE sessions.nip = sellers.nip AND shut_out IS NOT NULL AND ended_at IS NULL
        ORDER BY id LIMIT 1) AS shut_out,
       authentications.state, login_until, method, refresh_until, permissions,
       authentications.last_error, ${CERTIFICATE_COLUMNS}
     ${SELLERS_WITH_LOGIN}
     LEFT JOIN reconciliations ON reconciliations.nip = sellers.nip AND done_at IS NULL
     WHERE sellers.nip = $1`,
    [nip],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const counts = await openCounts(db, nip);
  return {
    nip,
    credentials: credentialsOf(row),
    authentication: {
      state: authenticationState(row, now),
      method: row.method,
      validUntil: row.refresh_until,
      permissions: row.permissions,
      lastError: row.last_error,
      certificate: certificateFacts(row),
    },
    connection: await connection(db, now, nip),
    reconciling: row.behind_since === null ? null : { since: row.behind_since, lastError: row.behind_error },
    paused: row.paused,
    systemPaused: row.system_paused,
    ...counts,
    shutOut: row.shut_out,
    ...(await sellerDeadlines(db, nip, now)),
    nextDispatchAt:
      row.paused || row.system_paused || row.behind_since !== null
        ? null
        : await nextDispatchAt(db, nip, now),
    limits: await limitUse(db, nip, now),
  };
}

interface LoginRow {
  shared_name: string | null;
  credential: string | null;
  paused: boolean;
  system_paused: boolean;
  behind_since: Date | null;
  behind_error: string | null;
  shut_out: string | null;
  state: 'none' | 'active' | 'refused' | 'blocked' | null;
  login_until: Date | null;
  method: string | null;
  refresh_until: Date | null;
  permissions: string[] | null;
  last_error: string | null;
}

type StatusRow = LoginRow & (CertificateRow | { readonly certificate_kind: null });

function credentialsOf(row: StatusRow): SellerStatus['credentials'] {
  if (row.credential === null) return 'none';
  return row.shared_name === null ? 'own' : 'shared';
}

function authenticationState(row: StatusRow, now: Date): AuthenticationState {
  const state = row.state ?? 'none';
  if (state === 'active' && row.refresh_until !== null && row.refresh_until <= now) return 'expired';
  if (state === 'none' && row.login_until !== null && row.login_until > now) return 'opening';
  return state;
}

async function openCounts(db: Db, nip: string): Promise<{ pending: number; held: number }> {
  const { rows } = await db.pool.query<{ pending: number; held: number }>(
    `SELECT count(*) FILTER (WHERE state <> 'held')::int AS pending, count(*) FILTER (WHERE state = 'held')::int AS held
     FROM invoices WHERE nip = $1 AND state IN ('accepted', 'sending', 'processing', 'held')`,
    [nip],
  );
  return rows[0] ?? { pending: 0, held: 0 };
}
