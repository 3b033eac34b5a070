-- The last time of which this ledger does not know everything that KSeF got: it was put back from a backup, or begun anew.
ALTER TABLE settings ADD COLUMN behind_since timestamptz;
ALTER TABLE settings ADD COLUMN behind_until timestamptz;
ALTER TABLE settings ADD CHECK ((behind_since IS NULL) = (behind_until IS NULL));

-- A seller whose sessions at KSeF of that time are looked through: until `done_at` nothing of it is begun.
CREATE TABLE reconciliations (
  nip text COLLATE "C" PRIMARY KEY REFERENCES sellers,
  since timestamptz NOT NULL,
  until timestamptz NOT NULL,
  actor text NOT NULL,
  asked_at timestamptz NOT NULL,
  -- Whoever goes on with it has it until then; and not before, where KSeF or a login has to be waited for.
  next_at timestamptz NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  -- Sessions of each kind that were opened before are still to be listed; null: there are none.
  batch_until timestamptz,
  interactive_until timestamptz,
  last_error text,
  done_at timestamptz
);
CREATE INDEX reconciliations_under_way ON reconciliations (next_at) WHERE done_at IS NULL;

-- Sessions that KSeF listed and this ledger does not know, or has given up; `read_at`: what they registered is known.
CREATE TABLE found_sessions (
  reference text COLLATE "C" PRIMARY KEY,
  nip text COLLATE "C" NOT NULL REFERENCES sellers,
  kind text NOT NULL CHECK (kind IN ('batch', 'interactive')),
  credential_id uuid NOT NULL REFERENCES credentials,
  opened_at timestamptz NOT NULL,
  invoice_count integer NOT NULL,
  status_code integer NOT NULL,
  looks integer NOT NULL DEFAULT 0,
  next_look_at timestamptz NOT NULL,
  read_at timestamptz
);
CREATE INDEX found_sessions_unread ON found_sessions (nip, next_look_at) WHERE read_at IS NULL;

-- What KSeF registered in them: an invoice with these bytes is cleared by it instead of being sent.
CREATE TABLE registrations (
  nip text COLLATE "C" NOT NULL REFERENCES sellers,
  sha256 text COLLATE "C" NOT NULL CHECK (length(sha256) = 44),
  ksef_number text COLLATE "C" NOT NULL,
  reference text COLLATE "C" NOT NULL REFERENCES found_sessions,
  invoicing_mode text,
  acquired_at timestamptz,
  receipt_page integer,
  PRIMARY KEY (nip, sha256)
);
