/** In a test's database: refuses a verdict that is written after the event that tells of it, which no webhook would hear of. */
import type { Pool } from 'pg';

/** What `tell_webhooks` reads off the invoices when the event comes: later in the same transaction it looks no more. */
const GUARD = `
  CREATE FUNCTION told_last() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE early text;
  BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = NEW.state THEN RETURN NULL; END IF;
    SELECT type INTO early FROM events
    WHERE xmin = pg_current_xact_id()::xid AND invoice_id IS NULL AND (
      type IN ('session.verdicts', 'session.settled')
        AND session_id IN (SELECT session_id FROM session_members WHERE invoice_id = NEW.id)
      OR type = 'submission.accepted' AND NEW.state = 'held'
        AND submission_id IN (SELECT submission_id FROM submission_invoices WHERE invoice_id = NEW.id AND NOT repeated)
    );
    IF FOUND THEN RAISE EXCEPTION '% was written before the invoice was %', early, NEW.state; END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER told_last AFTER INSERT OR UPDATE ON invoices
    FOR EACH ROW WHEN (NEW.state IN ('cleared', 'rejected', 'held')) EXECUTE FUNCTION told_last();`;

export async function guardOrder(pool: Pool): Promise<void> {
  await pool.query(GUARD);
}
