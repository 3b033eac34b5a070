/** A ledger that has been at work for long: settled invoices with all that lies around them, made by SQL in bulk. */
import type { PostgresLedger } from '@wsad/ledger';

export type Pool = PostgresLedger['pool'];

/** The seller that is measured; half of all that is settled is its own. */
export const NIP = '5265877635';
export const SHARED_LOGIN = 'office';

/**
 * Goes on from `from` settled invoices to `to`, without triggers, with the indexes made anew at the end, and on two
 * connections: row by row it would take an hour. Nine in ten of the invoices went in batches of 500, the others in fives;
 * one in fifty was rejected. `until` is when the newest of them was settled.
 */
export async function fillHistory(pool: Pool, from: number, to: number, until: Date): Promise<void> {
  await pool.query(GROUPS_TABLE);
  await pool.query(GROUPS, [from, to, until, NIP, SHARED_LOGIN]);
  const { rows: indexes } = await pool.query<{ name: string; definition: string }>(INDEXES);
  for (const { name } of indexes) await pool.query(`DROP INDEX ${name}`);
  await inTwo(pool, ROWS);
  await inTwo(
    pool,
    indexes.map(({ definition }) => definition),
  );
  await pool.query('DROP TABLE sent');
  await pool.query('VACUUM (ANALYZE)');
}

/** A crash would lose it, and so it may only be so while nothing is measured. */
export async function whileUnsafe(pool: Pool, work: () => Promise<void>): Promise<void> {
  for (const setting of UNSAFE) await pool.query(`ALTER SYSTEM SET ${setting} = off`);
  await pool.query('SELECT pg_reload_conf()');
  await work();
  for (const setting of UNSAFE) await pool.query(`ALTER SYSTEM RESET ${setting}`);
  await pool.query('SELECT pg_reload_conf()');
  // What was written until now is flushed now, and not in the middle of what is measured.
  await pool.query('CHECKPOINT');
}

const UNSAFE = ['fsync', 'full_page_writes', 'synchronous_commit', 'autovacuum'];

/** Each connection takes the next statement when it is done with one. */
async function inTwo(pool: Pool, statements: readonly string[]): Promise<void> {
  const queue = statements.values();
  const run = async (): Promise<void> => {
    const client = await pool.connect();
    try {
      for (const setting of BULK) await client.query(setting);
      for (const statement of queue) await client.query(statement);
      for (const setting of BULK) await client.query(setting.replace(/^SET (\w+).*/, 'RESET $1'));
    } finally {
      client.release();
    }
  };
  await Promise.all([run(), run()]);
}

const BULK = [
  'SET session_replication_role = replica',
  `SET maintenance_work_mem = '512MB'`,
  `SET work_mem = '256MB'`,
];

/** All but those that a constraint stands on. */
const INDEXES = `
  SELECT indexname AS name, indexdef AS definition FROM pg_indexes
  WHERE schemaname = 'public'
    AND tablename IN ('invoices', 'sessions', 'session_members', 'submissions', 'events')
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname)`;

/** A UUID of version 7 of that moment, told apart from its neighbours by `serial`. */
const ID = (at: string, serial: string): string =>
  `(lpad(to_hex((extract(epoch FROM ${at}) * 1000)::bigint), 12, '0') || '70008' || lpad(to_hex(${serial}), 15, '0'))::uuid`;

/** What was sent together: invoice \`first\` to \`first + size - 1\`, half of it the measured seller's. */
const GROUPS_TABLE = `
  CREATE UNLOGGED TABLE sent (g int, first int, size int, at timestamptz, session_id uuid, submission_id uuid, nip text, kind text,
    credential_id uuid)`;
const GROUPS = `
  INSERT INTO sent
  SELECT g, first, size, at, ${ID("at + interval '1 second'", 'g::bigint')} AS session_id, ${ID('at', 'g::bigint')} AS submission_id,
    CASE WHEN g % 2 = 0 THEN $4::text ELSE (1110000000 + g % 400)::text END AS nip,
    CASE WHEN size > 5 THEN 'batch' ELSE 'interactive' END AS kind,
    (SELECT id FROM credentials WHERE shared_name = $5 AND retired_at IS NULL) AS credential_id
  FROM (
    SELECT g, size, first, $3::timestamptz - ($2::int - first) * interval '10 seconds' AS at
    FROM generate_series(0, ($2::int - $1::int) / 500 - 1) AS block,
      LATERAL (
        SELECT ($1::int / 500 + block) * 11 + part AS g, CASE part WHEN 10 THEN 450 ELSE 5 END AS size,
          1 + $1::int + block * 500 + part * 5 AS first
        FROM generate_series(0, 10) AS part
      ) AS parts
  ) AS shaped`;

const EACH = 'sent CROSS JOIN LATERAL generate_series(first, first + size - 1) AS n';
const ENDED = `at + interval '1 minute'`;

/** Those of most rows first, so that both connections are done at about the same time. */
const ROWS = [
  `INSERT INTO invoices (id, nip, issuer_nip, form, kind, number, issue_date, sha256, size_bytes, mode, has_attachment,
     buyer_name, buyer_nip, currency, gross_amount, file_name, submission_id, state, not_before, due_at, session_id,
     verdict_code, verdict_description, ksef_number, invoicing_mode, acquired_at, receipt_session_id, receipt_page, accepted_at, settled_at)
   SELECT ${ID('at', 'n::bigint')}, nip, nip, 'FA (3)', 'VAT', 'FV/' || n, at::date, encode(sha256(n::text::bytea), 'base64'), 4000,
     'online', false, 'Nabywca sp. z o.o.', '7831812112', 'PLN', '1230.00', n || '.xml', submission_id,
     CASE WHEN n % 50 = 0 THEN 'rejected' ELSE 'cleared' END, at, at, session_id,
     CASE WHEN n % 50 = 0 THEN 450 END, CASE WHEN n % 50 = 0 THEN 'Błąd weryfikacji semantyki dokumentu faktury' END,
     CASE WHEN n % 50 <> 0 THEN nip || '-20260101-' || lpad(upper(to_hex(n)), 12, '0') || '-00' END, 'Online', ${ENDED},
     session_id, 1, at, ${ENDED}
   FROM ${EACH}`,

  `INSERT INTO payloads (invoice_id, deflated)
   SELECT ${ID('at', 'n::bigint')}, decode(repeat(md5(n::text), 12), 'hex') FROM ${EACH}`,

  `INSERT INTO submission_invoices (submission_id, position, invoice_id, repeated, file_name)
   SELECT submission_id, n - first, ${ID('at', 'n::bigint')}, false, n || '.xml' FROM ${EACH}`,

  `INSERT INTO session_members (session_id, ordinal, invoice_id, intent_at, reference, sent_at)
   SELECT session_id, n - first + 1, ${ID('at', 'n::bigint')}, CASE kind WHEN 'interactive' THEN at END,
     CASE kind WHEN 'interactive' THEN '20260101-EE-' || lpad(upper(to_hex(n)), 10, '0') END, CASE kind WHEN 'interactive' THEN at END
   FROM ${EACH}`,

  `INSERT INTO sellers (nip, shared_name, created_at) SELECT nip, '${SHARED_LOGIN}', min(at) FROM sent GROUP BY nip
   ON CONFLICT DO NOTHING`,

  `INSERT INTO submissions (id, nip, mode, actor, idempotency_key, total, refused, created_at)
   SELECT submission_id, nip, 'online', 'key:shop', 'call-' || g, size, 0, at FROM sent`,

  `INSERT INTO sessions (id, nip, form, mode, kind, state, invoice_count, plain_bytes, fence, credential_id, reference, usable_until,
     compression, package_bytes, package_sha256, status_code, polls, judged_at, polled_at, cleared, rejected,
     claimed_at, opened_at, closing_at, closed_at, ended_at)
   SELECT session_id, nip, 'FA (3)', 'online', kind, 'settled', size, size * 4000, 1, credential_id,
     '20260101-SO-' || lpad(upper(to_hex(g)), 10, '0') || '-0000000000-00', at + interval '1 hour',
     CASE kind WHEN 'batch' THEN 'TarGz' END, size * 300, encode(sha256(g::text::bytea), 'base64'), 200, 3, ${ENDED}, ${ENDED},
     size - size / 50, size / 50, at, at, at, at, ${ENDED}
   FROM sent`,

  `INSERT INTO session_parts (session_id, ordinal, size_bytes, sha256, uploaded_at)
   SELECT session_id, 1, size * 300, encode(sha256(g::text::bytea), 'base64'), at FROM sent WHERE kind = 'batch'`,

  `INSERT INTO receipts (session_id, page, reference, xml, sha256, stored_at)
   SELECT session_id, 1, 'upo-' || g, convert_to(repeat(md5(g::text), 50), 'UTF8'), encode(sha256(g::text::bytea), 'base64'), ${ENDED}
   FROM sent`,

  `INSERT INTO events (at, type, actor, nip, session_id, submission_id, detail)
   SELECT at, type, actor, nip, CASE WHEN type LIKE 'session%' THEN session_id END,
     CASE WHEN type LIKE 'submission%' THEN submission_id END, '{"invoices": 5}'
   FROM sent CROSS JOIN (VALUES ('submission.accepted', 'key:shop'), ('session.claimed', 'wsad'), ('session.opened', 'wsad'),
     ('session.closing', 'wsad'), ('session.closed', 'wsad'), ('session.settled', 'wsad')) AS told (type, actor)`,
];
