/** What the ledger holds of one seller, read as the model tells it. */
import type { InvoiceState, SessionKind, SessionState } from '@wsad/domain';
import type { Pool } from 'pg';

export interface Observed {
  /** As the model's `told`. */
  readonly lines: readonly string[];
  readonly invoices: readonly ObservedInvoice[];
  readonly sessions: readonly ObservedSession[];
  /** In the order in which they were put. */
  readonly credentials: readonly string[];
}

interface ObservedInvoice {
  readonly id: string;
  readonly state: InvoiceState;
  readonly session: string | null;
  readonly cause: string | null;
  readonly ksefNumber: string | null;
  readonly sha256: string;
}

interface ObservedSession {
  readonly id: string;
  readonly kind: SessionKind;
  readonly state: SessionState;
  readonly fence: number;
  readonly leaseUntil: Date | null;
  readonly uploaded: boolean;
  readonly cleared: number;
  readonly rejected: number;
  readonly undone: number;
  readonly members: readonly string[];
  readonly sent: readonly string[];
}

interface ObservedLogin {
  readonly id: string;
  readonly state: string;
  readonly begun: boolean;
}

export async function observed(pool: Pool, nip: string): Promise<Observed> {
  const { rows: invoices } = await pool.query<ObservedInvoice>(
    `SELECT id, state, CASE WHEN state IN ('sending', 'processing') THEN session_id END AS session, hold_cause AS cause,
       ksef_number AS "ksefNumber", sha256
     FROM invoices WHERE nip = $1 ORDER BY id`,
    [nip],
  );
  const { rows: sessions } = await pool.query<ObservedSession>(
    `SELECT id, kind, state, fence, lease_until AS "leaseUntil", cleared, rejected, held + again AS undone,
       EXISTS (SELECT FROM session_parts WHERE session_id = sessions.id AND uploaded_at IS NOT NULL) AS uploaded,
       (SELECT array_agg(invoice_id ORDER BY ordinal) FROM session_members WHERE session_id = sessions.id) AS members,
       (SELECT array_agg(concat_ws(' ', intent_at IS NOT NULL, sent_at IS NOT NULL, refused_at IS NOT NULL) ORDER BY ordinal)
        FROM session_members WHERE session_id = sessions.id) AS sent
     FROM sessions WHERE nip = $1 ORDER BY id`,
    [nip],
  );
  const { rows: logins } = await pool.query<ObservedLogin>(
    `SELECT id, coalesce(state, 'none') AS state, login_owner IS NOT NULL AS begun
     FROM credentials LEFT JOIN authentications ON credential_id = credentials.id
     WHERE credentials.nip = $1 ORDER BY retired_at NULLS LAST, id`,
    [nip],
  );
  const paused = await pool.query('SELECT FROM sellers WHERE nip = $1 AND paused_at IS NOT NULL', [nip]);
  const login = logins.map(({ id, state, begun }) => [id, state, begun].join(' '));
  return {
    lines: [
      ...invoices.map(invoiceLine),
      ...sessions.map(sessionLine),
      ...login,
      `paused ${paused.rowCount === 1}`,
    ].sort(),
    invoices,
    sessions,
    credentials: logins.map(({ id }) => id),
  };
}

function invoiceLine({ id, state, session, cause, ksefNumber }: ObservedInvoice): string {
  return [id, state, session, cause, ksefNumber].join(' ');
}

function sessionLine(session: ObservedSession): string {
  const { id, state, fence, leaseUntil, uploaded, cleared, rejected, undone, sent } = session;
  const lease = leaseUntil?.getTime() ?? null;
  const words = sent.map((each) => each.replaceAll(/\bt\b/g, 'true').replaceAll(/\bf\b/g, 'false'));
  return [id, state, fence, lease, uploaded, cleared, rejected, undone, ...words].join(' ');
}

/** What is wrong whatever the model says; each line names the row. */
export async function broken(pool: Pool, nip: string): Promise<string[]> {
  const { rows } = await pool.query<{ what: string }>(
    `SELECT 'lives twice: ' || number AS what FROM invoices
       WHERE nip = $1 AND state NOT IN ('rejected', 'withdrawn') GROUP BY number HAVING count(*) > 1
     UNION ALL
     SELECT 'under way without its session: ' || invoices.id FROM invoices
       WHERE nip = $1 AND state IN ('sending', 'processing') AND NOT EXISTS (
         SELECT FROM sessions JOIN session_members ON session_members.session_id = sessions.id
         WHERE sessions.id = invoices.session_id AND invoice_id = invoices.id
           AND CASE invoices.state WHEN 'processing' THEN sessions.state = 'closed'
               ELSE sessions.state IN ('claimed', 'opened', 'closing') END
       )
     UNION ALL
     SELECT 'a key that nobody needs: ' || id FROM sessions
       WHERE nip = $1 AND key_sealed IS NOT NULL AND state NOT IN ('claimed', 'opened', 'closing')`,
    [nip],
  );
  return rows.map(({ what }) => what);
}
