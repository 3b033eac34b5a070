CREATE TABLE submissions (
  id uuid PRIMARY KEY,
  nip text COLLATE "C" NOT NULL REFERENCES sellers,
  mode text NOT NULL CHECK (mode IN ('online', 'offline')),
  actor text NOT NULL,
  idempotency_key text,
  total integer NOT NULL,
  refused integer NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX submissions_of_seller ON submissions (nip, id);

-- `id` is a UUID version 7: its order is the order of arrival.
-- `nip` is the context that sends; KSeF tells invoices apart by issuer_nip (Podmiot1), kind (RodzajFaktury), number (P_2).
CREATE TABLE invoices (
  id uuid PRIMARY KEY,
  nip text COLLATE "C" NOT NULL,
  issuer_nip text COLLATE "C" NOT NULL,
  form text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  number text COLLATE "C" NOT NULL,
  issue_date date NOT NULL,
  sha256 text COLLATE "C" NOT NULL CHECK (length(sha256) = 44),
  size_bytes integer NOT NULL CHECK (size_bytes > 0),
  mode text COLLATE "C" NOT NULL CHECK (mode IN ('online', 'offline')),
  has_attachment boolean NOT NULL,
  buyer_name text,
  buyer_nip text,
  currency text,
  gross_amount text,
  external_id text,
  file_name text,
  submission_id uuid NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (
    state IN ('accepted', 'sending', 'processing', 'cleared', 'rejected', 'held', 'withdrawn')
  ),
  hold_cause text,
  hold_detail text,
  held_at timestamptz,
  -- The first instant of its issue day in Warsaw: KSeF refuses an invoice dated ahead.
  not_before timestamptz NOT NULL,
  -- Until when it lingers for neighbours.
  due_at timestamptz NOT NULL,
  attempts smallint NOT NULL DEFAULT 0,
  session_id uuid,
  reference text,
  verdict_code integer,
  verdict_description text,
  verdict_details jsonb,
  original_ksef_number text,
  original_session_reference text,
  ksef_number text COLLATE "C" CHECK (ksef_number ~ '^[1-9][0-9]{9}-[0-9]{8}-[0-9A-F]{12}-[0-9A-F]{2}$'),
  invoicing_mode text,
  acquired_at timestamptz,
  receipt_session_id uuid,
  receipt_page integer,
  accepted_at timestamptz NOT NULL,
  settled_at timestamptz,
  CONSTRAINT held_says_why CHECK ((state = 'held') = (hold_cause IS NOT NULL)),
  CONSTRAINT cleared_has_its_number CHECK ((state = 'cleared') = (ksef_number IS NOT NULL)),
  CONSTRAINT under_way_has_its_session CHECK (state NOT IN ('sending', 'processing') OR session_id IS NOT NULL),
  CONSTRAINT final_says_when CHECK ((state IN ('cleared', 'rejected', 'withdrawn')) = (settled_at IS NOT NULL))
);

-- What KSeF would call a duplicate, and the same bytes, live once; after a rejection they may come again.
CREATE UNIQUE INDEX invoices_identity ON invoices (number, issuer_nip, kind) WHERE state NOT IN ('rejected', 'withdrawn');
CREATE UNIQUE INDEX invoices_bytes ON invoices (sha256) WHERE state NOT IN ('rejected', 'withdrawn');
CREATE UNIQUE INDEX invoices_ksef_number ON invoices (ksef_number) WHERE ksef_number IS NOT NULL;
CREATE INDEX invoices_of_seller ON invoices (nip, id);
-- Only unfinished work is in these two: their size does not grow with history.
CREATE INDEX invoices_waiting ON invoices (nip, form, mode, not_before, id) WHERE state = 'accepted';
CREATE INDEX invoices_open ON invoices (nip, state, id) WHERE state IN ('accepted', 'sending', 'processing', 'held');
-- Those that did not go well, to be found by seller and by number.
CREATE INDEX invoices_refused ON invoices (nip, state, id) WHERE state IN ('rejected', 'withdrawn');
CREATE INDEX invoices_refused_number ON invoices (number) WHERE state IN ('rejected', 'withdrawn');

CREATE TRIGGER invoices_final_for_ever BEFORE UPDATE ON invoices FOR EACH ROW
  WHEN (
    OLD.state IN ('cleared', 'rejected', 'withdrawn') AND (
      NEW.id, NEW.nip, NEW.issuer_nip, NEW.form, NEW.kind, NEW.number, NEW.issue_date, NEW.sha256, NEW.size_bytes,
      NEW.mode, NEW.state, NEW.session_id, NEW.verdict_code, NEW.ksef_number, NEW.acquired_at, NEW.settled_at
    ) IS DISTINCT FROM (
      OLD.id, OLD.nip, OLD.issuer_nip, OLD.form, OLD.kind, OLD.number, OLD.issue_date, OLD.sha256, OLD.size_bytes,
      OLD.mode, OLD.state, OLD.session_id, OLD.verdict_code, OLD.ksef_number, OLD.acquired_at, OLD.settled_at
    )
  )
  EXECUTE FUNCTION refuse_change('a final invoice never changes');

CREATE TRIGGER invoices_final_stay BEFORE DELETE ON invoices FOR EACH ROW
  WHEN (OLD.state IN ('cleared', 'rejected', 'withdrawn'))
  EXECUTE FUNCTION refuse_change('a final invoice never changes');

CREATE TRIGGER invoices_keep_to_transitions BEFORE UPDATE OF state ON invoices FOR EACH ROW
  WHEN (
    OLD.state <> NEW.state AND OLD.state NOT IN ('cleared', 'rejected', 'withdrawn') AND NOT (
      (OLD.state = 'accepted' AND NEW.state IN ('sending', 'held', 'cleared'))
      OR (OLD.state = 'sending' AND NEW.state IN ('processing', 'accepted', 'held', 'cleared', 'rejected'))
      OR (OLD.state = 'processing' AND NEW.state IN ('cleared', 'rejected', 'held', 'accepted'))
      OR (OLD.state = 'held' AND NEW.state IN ('accepted', 'withdrawn', 'cleared', 'rejected'))
    )
  )
  EXECUTE FUNCTION refuse_change('no such transition');

-- The original bytes, raw deflate. EXTERNAL: they are compressed already.
CREATE TABLE payloads (
  invoice_id uuid PRIMARY KEY REFERENCES invoices,
  deflated bytea NOT NULL
);
ALTER TABLE payloads ALTER COLUMN deflated SET STORAGE EXTERNAL;

-- What a call brought, in its own order; `repeated` ones were here already.
CREATE TABLE submission_invoices (
  submission_id uuid NOT NULL REFERENCES submissions,
  position integer NOT NULL,
  invoice_id uuid NOT NULL REFERENCES invoices,
  repeated boolean NOT NULL,
  external_id text,
  file_name text,
  PRIMARY KEY (submission_id, position)
);

CREATE TABLE submission_refusals (
  submission_id uuid NOT NULL REFERENCES submissions,
  position integer NOT NULL,
  external_id text,
  file_name text,
  invoice_number text,
  sha256 text NOT NULL,
  errors jsonb NOT NULL,
  earlier_invoice_id uuid,
  PRIMARY KEY (submission_id, position)
);
