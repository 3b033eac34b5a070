import type { SessionKind, SessionState } from '@wsad/domain';
import type { Db } from '../../db.ts';

/** A session that is being sent, or waited for. */
export interface SessionUnderWay {
  readonly id: string;
  readonly nip: string;
  readonly kind: SessionKind;
  readonly state: SessionState;
  readonly reference: string | null;
  readonly invoices: number;
  /** Of the package once there is one, of the invoices before. */
  readonly bytes: number;
  readonly partsSent: number;
  readonly parts: number;
  readonly openedAt: Date | null;
}

const SESSIONS_TOLD_MAX = 50;

/** The newest first. */
export async function sessionsUnderWay(db: Db, nips: readonly string[] | null): Promise<SessionUnderWay[]> {
  const { rows } = await db.pool.query<SessionUnderWay>(
    `SELECT id, nip, kind, state, reference, invoice_count AS invoices,
       coalesce(package_bytes, plain_bytes)::float8 AS bytes,
       (SELECT count(uploaded_at)::int FROM session_parts WHERE session_id = sessions.id) AS "partsSent",
       (SELECT count(*)::int FROM session_parts WHERE session_id = sessions.id) AS parts, opened_at AS "openedAt"
     FROM sessions WHERE id IN (
       (SELECT id FROM sessions WHERE state IN ('claimed', 'opened', 'closing') AND ${VISIBLE} ORDER BY id DESC LIMIT $2)
       UNION ALL
       (SELECT id FROM sessions WHERE state = 'closed' AND next_poll_at IS NOT NULL AND ${VISIBLE} ORDER BY id DESC LIMIT $2)
     ) ORDER BY id DESC LIMIT $2`,
    [nips, SESSIONS_TOLD_MAX],
  );
  return rows;
}

const VISIBLE = '($1::text[] IS NULL OR nip = ANY ($1))';
