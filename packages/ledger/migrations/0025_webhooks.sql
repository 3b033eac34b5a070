-- Whom to tell of what. `events` and `sellers` are null for all; a secret is null only where its vault key was lost.
CREATE TABLE webhooks (
  id uuid PRIMARY KEY,
  url text NOT NULL,
  description text,
  events text[],
  sellers text[],
  secret_sealed bytea,
  earlier_secret_sealed bytea,
  earlier_until timestamptz,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  disabled_at timestamptz,
  disabled_why text,
  -- In a row, since its last success; while it fails it is left alone between tries.
  failures integer NOT NULL DEFAULT 0,
  failing_since timestamptz,
  rests_until timestamptz,
  last_success_at timestamptz,
  CHECK ((disabled_at IS NULL) = (disabled_why IS NULL)),
  CHECK (disabled_at IS NOT NULL OR secret_sealed IS NOT NULL)
);

-- What is to be told and has not been put into deliveries yet, written by the transaction that makes it so.
CREATE TABLE webhook_outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event text NOT NULL,
  at timestamptz NOT NULL,
  nip text COLLATE "C",
  invoice_ids uuid[] NOT NULL DEFAULT '{}',
  submission_id uuid,
  detail jsonb NOT NULL DEFAULT '{}'
);

-- The body is kept as it was first sent: whoever gets it again gets the same bytes under the same id.
CREATE TABLE webhook_deliveries (
  id uuid PRIMARY KEY,
  webhook_id uuid NOT NULL REFERENCES webhooks ON DELETE CASCADE,
  event text NOT NULL,
  items integer NOT NULL,
  body text NOT NULL,
  created_at timestamptz NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
  tries integer NOT NULL DEFAULT 0,
  tried_since timestamptz NOT NULL,
  next_at timestamptz,
  lease_until timestamptz,
  last_tried_at timestamptz,
  last_status integer,
  last_error text,
  ended_at timestamptz,
  CHECK ((state = 'pending') = (next_at IS NOT NULL)),
  CHECK ((state = 'pending') = (ended_at IS NULL))
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_of_webhook ON webhook_deliveries (webhook_id, id);
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE state <> 'pending';

-- What it was told to have come to, so that it is told once.
ALTER TABLE submissions ADD COLUMN told_by_state jsonb;
-- Submissions that brought what was here already.
CREATE INDEX submission_invoices_repeated ON submission_invoices (invoice_id) WHERE repeated;

-- Every change has its event in its own transaction: what webhooks tell is read off there, and nothing at all is written
-- while nobody wants to know. A session's event stands for the verdicts that this very transaction wrote down.
CREATE FUNCTION tell_webhooks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM webhooks WHERE disabled_at IS NULL) THEN RETURN NULL; END IF;

  INSERT INTO webhook_outbox (event, at, invoice_ids, detail)
  SELECT told.event, told.at, array_agg(told.invoice_id ORDER BY told.invoice_id), told.detail
  FROM (
    SELECT at, invoice_id,
      CASE type
        WHEN 'invoice.held' THEN 'invoice.held'
        WHEN 'invoice.foundAtKsef' THEN 'invoice.cleared'
        WHEN 'invoice.refused' THEN 'invoice.rejected'
        WHEN 'invoice.resolved' THEN CASE WHEN detail ? 'ksefNumber' THEN 'invoice.cleared' ELSE 'invoice.rejected' END
        WHEN 'invoice.withdrawnBy' THEN 'invoice.withdrawn'
      END AS event,
      CASE WHEN type = 'invoice.held' THEN jsonb_build_object('cause', detail -> 'cause') ELSE '{}' END AS detail
    FROM fresh WHERE invoice_id IS NOT NULL
  ) AS told
  WHERE told.event IS NOT NULL GROUP BY told.event, told.at, told.detail;

  INSERT INTO webhook_outbox (event, at, invoice_ids)
  SELECT 'invoice.' || judged.state, fresh.at, array_agg(judged.id ORDER BY judged.id)
  FROM fresh CROSS JOIN LATERAL (
    SELECT id, state FROM invoices
    WHERE id = ANY (ARRAY(SELECT invoice_id FROM session_members WHERE session_id = fresh.session_id))
      AND state IN ('cleared', 'rejected') AND settled_at = fresh.at AND xmin = pg_current_xact_id()::xid
  ) AS judged
  WHERE fresh.type IN ('session.verdicts', 'session.settled') AND fresh.invoice_id IS NULL
  GROUP BY judged.state, fresh.at;

  INSERT INTO webhook_outbox (event, at, invoice_ids, detail)
  SELECT 'invoice.held', fresh.at, held.ids, jsonb_build_object('cause', fresh.detail -> 'cause')
  FROM fresh CROSS JOIN LATERAL (
    SELECT array_agg(id ORDER BY id) AS ids FROM invoices
    WHERE id = ANY (ARRAY(
        SELECT invoice_id FROM submission_invoices WHERE submission_id = fresh.submission_id AND NOT repeated
      )) AND state = 'held' AND held_at = fresh.at
  ) AS held
  WHERE fresh.type = 'submission.accepted' AND (fresh.detail ->> 'held')::int > 0 AND held.ids IS NOT NULL;

  INSERT INTO webhook_outbox (event, at, nip, submission_id, detail)
  SELECT
    CASE type
      WHEN 'submission.accepted' THEN 'submission.done'
      WHEN 'deadline.near' THEN 'deadline.near'
      ELSE 'seller.authentication.changed'
    END,
    at, nip, submission_id, detail || jsonb_build_object('type', type)
  FROM fresh
  WHERE type IN ('login.opened', 'login.refused', 'login.blocked', 'deadline.near')
    OR (type = 'submission.accepted' AND (detail ->> 'accepted')::int = 0);

  RETURN NULL;
END $$;
CREATE TRIGGER events_are_told_to_webhooks AFTER INSERT ON events REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION tell_webhooks();
