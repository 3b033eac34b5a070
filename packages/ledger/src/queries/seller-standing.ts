/** Whether a seller can send, and what of it waits: of one, or of a page of them at once. */
import type { AuthenticationState, CertificateFacts, Permissions } from '@wsad/domain';
import { CERTIFICATE_COLUMNS, type CertificateRow, certificateFacts } from '../certificates.ts';
import type { Db } from '../db.ts';
import { SELLERS_WITH_LOGIN } from '../sellers.ts';
import { HELD, UNFINISHED } from '../stages.ts';

export interface SellerStanding {
  readonly nip: string;
  readonly createdAt: Date;
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
  /** KSeF is asked what it got since then, and nothing is begun before; null where this ledger knows. */
  readonly reconciling: { readonly since: Date; readonly lastError: string | null } | null;
  readonly paused: boolean;
  readonly systemPaused: boolean;
  /** Accepted, and not at an end or held. */
  readonly pending: number;
  readonly held: number;
  /** KSeF's words on a sent session that it lets no login of the seller see or close; null where there is none. */
  readonly shutOut: string | null;
}

/** Those of the sellers for which `selection` holds, and that it orders and limits. */
export async function sellerStandings(
  db: Db,
  selection: string,
  values: readonly unknown[],
  now: Date,
): Promise<SellerStanding[]> {
  const { rows } = await db.pool.query<StandingRow>(
    `SELECT sellers.nip, sellers.created_at, sellers.shared_name, credentials.id AS credential,
       sellers.paused_at IS NOT NULL AS paused, EXISTS (SELECT FROM settings WHERE paused_at IS NOT NULL) AS system_paused,
       reconciliations.since AS behind_since, reconciliations.last_error AS behind_error,
       (SELECT shut_out FROM sessions WHERE sessions.nip = sellers.nip AND shut_out IS NOT NULL AND ended_at IS NULL
        ORDER BY id LIMIT 1) AS shut_out,
       authentications.state, login_until, method, refresh_until, permissions,
       authentications.last_error, ${CERTIFICATE_COLUMNS}
     ${SELLERS_WITH_LOGIN}
     LEFT JOIN reconciliations ON reconciliations.nip = sellers.nip AND done_at IS NULL
     WHERE ${selection}`,
    [...values],
  );
  const counts = await openCounts(
    db,
    rows.map(({ nip }) => nip),
  );
  return rows.map((row) => ({ ...standingOf(row, now), ...(counts.get(row.nip) ?? NONE_OPEN) }));
}

interface LoginRow {
  nip: string;
  created_at: Date;
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

type StandingRow = LoginRow & (CertificateRow | { readonly certificate_kind: null });

function standingOf(row: StandingRow, now: Date): Omit<SellerStanding, keyof OpenCounts> {
  return {
    nip: row.nip,
    createdAt: row.created_at,
    credentials: credentialsOf(row),
    authentication: {
      state: authenticationState(row, now),
      method: row.method,
      validUntil: row.refresh_until,
      permissions: row.permissions,
      lastError: row.last_error,
      certificate: certificateFacts(row),
    },
    reconciling: row.behind_since === null ? null : { since: row.behind_since, lastError: row.behind_error },
    paused: row.paused,
    systemPaused: row.system_paused,
    shutOut: row.shut_out,
  };
}

function credentialsOf(row: StandingRow): SellerStanding['credentials'] {
  if (row.credential === null) return 'none';
  return row.shared_name === null ? 'own' : 'shared';
}

function authenticationState(row: StandingRow, now: Date): AuthenticationState {
  const state = row.state ?? 'none';
  if (state === 'active' && row.refresh_until !== null && row.refresh_until <= now) return 'expired';
  if (state === 'none' && row.login_until !== null && row.login_until > now) return 'opening';
  return state;
}

interface OpenCounts {
  readonly pending: number;
  readonly held: number;
}

const NONE_OPEN: OpenCounts = { pending: 0, held: 0 };

async function openCounts(db: Db, nips: readonly string[]): Promise<Map<string, OpenCounts>> {
  const { rows } = await db.pool.query<OpenCounts & { nip: string }>(
    `SELECT nip, count(*) FILTER (WHERE NOT ${HELD})::int AS pending, count(*) FILTER (WHERE ${HELD})::int AS held
     FROM invoices WHERE nip = ANY ($1) AND ${UNFINISHED} GROUP BY nip`,
    [nips],
  );
  return new Map(rows.map(({ nip, pending, held }) => [nip, { pending, held }]));
}
