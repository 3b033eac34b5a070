/** Makes PostgreSQL itself hold a test's ledger to the audit: no state changes without an event that says so. */
import type { Pool } from 'pg';
import { EVENT_TYPES } from '../../src/index.ts';

/**
 * From now on a transaction that changes how an invoice, a session, a credential or a login stands cannot commit unless
 * it wrote an event of that very row (or of the invoice's session or submission), and no event of a type, an actor or
 * a detail that the catalogue does not name can be written.
 */
export async function holdToAudit(pool: Pool): Promise<void> {
  await pool.query(CHECKS);
  for (const [table, column, event] of WATCHED) {
    await pool.query(
      `CREATE CONSTRAINT TRIGGER audit_${column} AFTER INSERT OR UPDATE ON ${table} DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION audit_change('${column}', '${event}')`,
    );
  }
  await pool.query('INSERT INTO audit_kinds SELECT * FROM unnest($1::text[], $2::text[])', [
    Object.keys(EVENT_TYPES),
    Object.values(EVENT_TYPES).map(({ actor }) => actor),
  ]);
  for (const [type, { detail }] of Object.entries(EVENT_TYPES)) {
    await pool.query('INSERT INTO audit_details SELECT $1, unnest($2::text[])', [type, detail]);
  }
}

/** Rows that a test writes by hand come from nowhere, and no event tells of them. */
export async function unaudited(pool: Pool, sql: string, values: readonly unknown[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await client.query(sql, [...values]);
    await client.query('RESET session_replication_role');
  } finally {
    client.release();
  }
}

/** Columns that say how a thing stands, and whose events tell of it. */
const WATCHED = [
  ['invoices', 'state', 'invoice'],
  ['sessions', 'state', 'session'],
  ['credentials', 'retired_at', 'credentials'],
  ['credentials', 'sealed', 'credentials'],
  ['authentications', 'state', 'login'],
  ['sellers', 'paused_at', 'seller'],
  ['sellers', 'shared_name', 'credentials'],
  ['settings', 'paused_at', 'system'],
  ['api_keys', 'deleted_at', 'key'],
  ['page_sessions', 'created_at', 'page'],
  ['offline_certificates', 'put_at', 'offline-certificate'],
] as const;

const CHECKS = `
CREATE TABLE audit_kinds (type text PRIMARY KEY, actor text NOT NULL);
CREATE TABLE audit_details (type text NOT NULL, key text NOT NULL, PRIMARY KEY (type, key));
-- Every change that was committed, for tests that ask which have been seen.
CREATE TABLE audit_changes (what text NOT NULL, from_state text, to_state text);

CREATE FUNCTION audit_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kind audit_kinds;
BEGIN
  SELECT * INTO kind FROM audit_kinds WHERE type = NEW.type;
  IF NOT FOUND THEN RAISE EXCEPTION 'audit: no event is called %', NEW.type; END IF;
  IF kind.actor <> 'either' AND (kind.actor = 'wsad') <> (NEW.actor = 'wsad') THEN
    RAISE EXCEPTION 'audit: % cannot be put down to %', NEW.type, NEW.actor;
  END IF;
  IF EXISTS (SELECT jsonb_object_keys(NEW.detail) EXCEPT SELECT key FROM audit_details WHERE type = NEW.type) THEN
    RAISE EXCEPTION 'audit: the detail of % says more than the catalogue: %', NEW.type, NEW.detail;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_event BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION audit_event();

CREATE FUNCTION audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  here xid := pg_current_xact_id()::xid;
  told boolean;
  was text := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) ->> TG_ARGV[0] END;
  is_now text := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
  -- Sealed anew with another key is the same secret.
  IF TG_ARGV[0] = 'sealed' THEN
    was := CASE WHEN was IS NOT NULL THEN 'kept' END;
    is_now := CASE WHEN is_now IS NOT NULL THEN 'kept' END;
  END IF;
  IF was IS NOT DISTINCT FROM is_now OR (TG_OP = 'INSERT' AND is_now = 'none') THEN RETURN NULL; END IF;
  IF TG_TABLE_NAME = 'invoices' THEN
    told := EXISTS (SELECT FROM events WHERE invoice_id = NEW.id AND xmin = here)
      OR EXISTS (SELECT FROM events WHERE submission_id = NEW.submission_id AND invoice_id IS NULL AND xmin = here)
      OR EXISTS (SELECT FROM session_members JOIN events USING (session_id)
                 WHERE session_members.invoice_id = NEW.id AND events.invoice_id IS NULL AND events.xmin = here);
  ELSIF TG_TABLE_NAME = 'sessions' THEN
    told := EXISTS (SELECT FROM events WHERE session_id = NEW.id AND invoice_id IS NULL AND xmin = here);
  ELSE
    told := EXISTS (SELECT FROM events WHERE xmin = here AND type LIKE TG_ARGV[1] || '.%');
  END IF;
  IF NOT told THEN
    RAISE EXCEPTION 'audit: % % went from % to % and no event tells of it',
      TG_TABLE_NAME, to_jsonb(NEW) ->> 'id', was, is_now;
  END IF;
  INSERT INTO audit_changes VALUES (TG_TABLE_NAME || '.' || TG_ARGV[0], was, is_now);
  RETURN NULL;
END $$;
`;
