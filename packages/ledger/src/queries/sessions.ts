import type { KsefVerdict, Mode, SessionKind, SessionState } from '@wsad/domain';
import type { Db } from '../db.ts';
import { isUuid } from '../ids.ts';
import { type Page, pageOf } from './invoices-page.ts';
import { newest, nipsAskedFor } from './newest.ts';
import { type VisibleSellers, visibleNips } from './visible.ts';

export interface SessionRecord {
  readonly id: string;
  readonly nip: string;
  readonly form: string;
  readonly mode: Mode;
  readonly kind: SessionKind;
  readonly state: SessionState;
  readonly reference: string | null;
  readonly invoiceCount: number;
  readonly cleared: number;
  readonly rejected: number;
  readonly held: number;
  /** Those that go again in another session. */
  readonly again: number;
  readonly plainBytes: number;
  readonly packageBytes: number | null;
  readonly compression: 'TarGz' | 'Zip' | null;
  readonly parts: number;
  readonly polls: number;
  readonly statusCode: number | null;
  readonly verdict: KsefVerdict | null;
  readonly abandonedWhy: string | null;
  /** Sent to find out which invoices made an earlier session fail. */
  readonly trial: {
    /** The session with whose failure it began. */
    readonly firstSessionId: string;
    /** The one that failed with these invoices last, of which they are all or a half. */
    readonly failedSessionId: string;
    /** Sessions in a row that KSeF failed with them before. */
    readonly failures: number;
  } | null;
  /** KSeF's words, where it lets no login of the seller see or close it. */
  readonly shutOut: string | null;
  readonly usableUntil: Date | null;
  readonly claimedAt: Date;
  readonly openedAt: Date | null;
  readonly closingAt: Date | null;
  readonly closedAt: Date | null;
  readonly endedAt: Date | null;
  readonly nextPollAt: Date | null;
}

export interface SessionDetail extends SessionRecord {
  readonly partList: readonly {
    readonly ordinal: number;
    readonly sizeBytes: number;
    readonly sha256: string;
    readonly uploadedAt: Date | null;
  }[];
  readonly receipts: readonly {
    readonly page: number;
    readonly reference: string;
    readonly sha256: string;
  }[];
  readonly events: readonly {
    readonly at: Date;
    readonly type: string;
    readonly actor: string;
    readonly detail: Readonly<Record<string, unknown>>;
  }[];
}

type SessionRow = Omit<SessionRecord, 'verdict'> & {
  readonly verdict_code: number | null;
  readonly verdict_description: string | null;
  readonly verdict_details: readonly string[] | null;
};

const SELECT_SESSION = `
  SELECT id, nip, form, mode, kind, state, reference, invoice_count AS "invoiceCount", cleared, rejected, held, again,
    plain_bytes::float8 AS "plainBytes", package_bytes::float8 AS "packageBytes", compression,
    (SELECT count(*)::int FROM session_parts WHERE session_id = sessions.id) AS parts, polls,
    status_code AS "statusCode", verdict_code, verdict_description, verdict_details, abandoned_why AS "abandonedWhy",
    CASE WHEN ended_at IS NULL THEN shut_out END AS "shutOut",
    usable_until AS "usableUntil", claimed_at AS "claimedAt", opened_at AS "openedAt", closing_at AS "closingAt",
    closed_at AS "closedAt", ended_at AS "endedAt", next_poll_at AS "nextPollAt",
    (SELECT jsonb_build_object('firstSessionId', first_session_id, 'failedSessionId', failed_session_id,
       'failures', failures) FROM trials WHERE trials.id = sessions.trial_id) AS trial
  FROM sessions`;

/** Newest first. */
export async function sessionsPage(
  db: Db,
  filter: { readonly nip?: string | undefined; readonly state?: SessionState | undefined },
  sellers: VisibleSellers,
  cursor: string | null,
  limit: number,
): Promise<Page<SessionRecord>> {
  const values: unknown[] = [];
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  const nips = nipsAskedFor(sellers, filter.nip);
  const where: string[] = [];
  if (filter.state !== undefined) where.push(`state = ${parameter(filter.state)}`);
  if (cursor !== null && isUuid(cursor)) where.push(`id < ${parameter(cursor)}`);
  const ids = newest('sessions', where, nips === null ? null : parameter(nips), limit + 1);
  const { rows } = await db.pool.query<SessionRow>(
    `${SELECT_SESSION} WHERE id IN (${ids}) ORDER BY id DESC`,
    values,
  );
  return pageOf(rows.map(sessionRecord), limit);
}

export async function session(db: Db, id: string, sellers: VisibleSellers): Promise<SessionDetail | null> {
  if (!isUuid(id)) return null;
  const { rows } = await db.pool.query<SessionRow>(
    `${SELECT_SESSION} WHERE id = $1 AND ($2::text[] IS NULL OR nip = ANY ($2))`,
    [id, visibleNips(sellers)],
  );
  const [row] = rows;
  return row === undefined ? null : { ...sessionRecord(row), ...(await detailsOf(db, id)) };
}

async function detailsOf(
  db: Db,
  id: string,
): Promise<Pick<SessionDetail, 'partList' | 'receipts' | 'events'>> {
  const parts = await db.pool.query<SessionDetail['partList'][number]>(
    `SELECT ordinal, size_bytes::float8 AS "sizeBytes", sha256, uploaded_at AS "uploadedAt"
     FROM session_parts WHERE session_id = $1 ORDER BY ordinal`,
    [id],
  );
  const receipts = await db.pool.query<SessionDetail['receipts'][number]>(
    'SELECT page, reference, sha256 FROM receipts WHERE session_id = $1 ORDER BY page',
    [id],
  );
  const events = await db.pool.query<SessionDetail['events'][number]>(
    'SELECT at, type, actor, detail FROM events WHERE session_id = $1 AND invoice_id IS NULL ORDER BY id',
    [id],
  );
  return { partList: parts.rows, receipts: receipts.rows, events: events.rows };
}

function sessionRecord(row: SessionRow): SessionRecord {
  const { verdict_code: code, verdict_description: description, verdict_details: details, ...rest } = row;
  const verdict = code === null ? null : { code, description: description ?? '', details: details ?? [] };
  return { ...rest, verdict };
}
