-- What happened, by whom: only ever added to. What happens to a whole session or submission is one row for all of
-- its invoices; an invoice's timeline gathers its own rows and theirs.
CREATE TABLE events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  type text NOT NULL,
  actor text NOT NULL,
  nip text COLLATE "C",
  invoice_id uuid,
  session_id uuid,
  submission_id uuid,
  detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX events_of_invoice ON events (invoice_id, id) WHERE invoice_id IS NOT NULL;
CREATE INDEX events_of_session ON events (session_id, id) WHERE session_id IS NOT NULL AND invoice_id IS NULL;
CREATE INDEX events_of_submission ON events (submission_id, id) WHERE submission_id IS NOT NULL AND invoice_id IS NULL;

CREATE TRIGGER events_are_only_added BEFORE UPDATE OR DELETE ON events FOR EACH ROW
  EXECUTE FUNCTION refuse_change('events are only added');

-- Totals for metrics as added-up differences, so that no row is fought over; the tidying folds them.
CREATE TABLE tallies (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  amount bigint NOT NULL
);
