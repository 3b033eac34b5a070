-- A sending session. `fence` grows with every taking over; whoever writes names the fence it got.
CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  nip text COLLATE "C" NOT NULL REFERENCES sellers,
  form text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('online', 'offline')),
  kind text NOT NULL CHECK (kind IN ('batch', 'interactive')),
  state text COLLATE "C" NOT NULL CHECK (
    state IN ('claimed', 'opened', 'closing', 'closed', 'settled', 'failed', 'abandoned')
  ),
  invoice_count integer NOT NULL CHECK (invoice_count > 0),
  plain_bytes bigint NOT NULL,
  key_sealed bytea,
  fence integer NOT NULL DEFAULT 0,
  lease_owner text,
  lease_until timestamptz,
  -- Not before this moment, where a sender knows that trying earlier is in vain.
  send_after timestamptz,
  -- Taken up so often since it last got on.
  send_tries integer NOT NULL DEFAULT 0,
  credential_id uuid REFERENCES credentials,
  reference text COLLATE "C" UNIQUE,
  usable_until timestamptz,
  compression text CHECK (compression IN ('TarGz', 'Zip')),
  package_bytes bigint,
  package_sha256 text,
  verdict_code integer,
  verdict_description text,
  verdict_details jsonb,
  status_code integer,
  polls integer NOT NULL DEFAULT 0,
  -- Looks in a row that got no answer.
  poll_failures integer NOT NULL DEFAULT 0,
  judged_at timestamptz,
  -- Settled by KSeF's list; its UPO is still to be fetched.
  receipts_due boolean NOT NULL DEFAULT false,
  polled_at timestamptz,
  next_poll_at timestamptz,
  abandoned_why text,
  cleared integer NOT NULL DEFAULT 0,
  rejected integer NOT NULL DEFAULT 0,
  held integer NOT NULL DEFAULT 0,
  again integer NOT NULL DEFAULT 0,
  claimed_at timestamptz NOT NULL,
  opened_at timestamptz,
  closing_at timestamptz,
  closed_at timestamptz,
  ended_at timestamptz,
  CONSTRAINT known_to_ksef CHECK (
    state IN ('claimed', 'abandoned') OR (reference IS NOT NULL AND credential_id IS NOT NULL AND opened_at IS NOT NULL)
  ),
  CONSTRAINT sender_has_its_key CHECK (state NOT IN ('claimed', 'opened', 'closing') OR key_sealed IS NOT NULL)
);
CREATE INDEX sessions_of_seller ON sessions (nip, id);
CREATE INDEX sessions_under_way ON sessions (nip) WHERE state IN ('claimed', 'opened', 'closing');
CREATE INDEX sessions_to_send ON sessions (id) WHERE state IN ('claimed', 'opened', 'closing');
CREATE INDEX sessions_to_follow ON sessions (next_poll_at)
  WHERE next_poll_at IS NOT NULL;
CREATE INDEX sessions_by_credential ON sessions (credential_id) WHERE state NOT IN ('settled', 'failed');

CREATE TRIGGER sessions_keep_to_transitions BEFORE UPDATE OF state ON sessions FOR EACH ROW
  WHEN (
    OLD.state <> NEW.state AND NOT (
      (OLD.state = 'claimed' AND NEW.state IN ('opened', 'abandoned'))
      OR (OLD.state = 'opened' AND NEW.state IN ('closing', 'abandoned', 'failed'))
      OR (OLD.state = 'closing' AND NEW.state IN ('closed', 'failed'))
      OR (OLD.state = 'closed' AND NEW.state IN ('settled', 'failed'))
      OR (OLD.state = 'abandoned' AND NEW.state = 'settled')
    )
  )
  EXECUTE FUNCTION refuse_change('no such transition');

CREATE TABLE session_members (
  session_id uuid NOT NULL REFERENCES sessions,
  ordinal integer NOT NULL,
  invoice_id uuid NOT NULL REFERENCES invoices,
  -- Interactive: sending was begun; without a reference its answer may be lost.
  intent_at timestamptz,
  reference text,
  sent_at timestamptz,
  PRIMARY KEY (session_id, ordinal)
);
CREATE INDEX session_members_of_invoice ON session_members (invoice_id);

-- `upload_sealed` is the method, address and headers that KSeF named: the address carries its own permission.
CREATE TABLE session_parts (
  session_id uuid NOT NULL REFERENCES sessions,
  ordinal integer NOT NULL,
  size_bytes bigint NOT NULL,
  sha256 text NOT NULL,
  upload_sealed bytea,
  uploaded_at timestamptz,
  PRIMARY KEY (session_id, ordinal)
);

-- UPO pages of a session, byte for byte.
CREATE TABLE receipts (
  session_id uuid NOT NULL REFERENCES sessions,
  page integer NOT NULL,
  reference text NOT NULL,
  xml bytea NOT NULL,
  sha256 text NOT NULL,
  stored_at timestamptz NOT NULL,
  PRIMARY KEY (session_id, page)
);

-- An invoice's own UPO, fetched when somebody asked for it.
CREATE TABLE invoice_receipts (
  invoice_id uuid PRIMARY KEY REFERENCES invoices,
  xml bytea,
  sha256 text,
  -- KSeF will not give it to us: its words.
  refusal text,
  stored_at timestamptz NOT NULL,
  CONSTRAINT there_or_refused CHECK ((xml IS NOT NULL AND sha256 IS NOT NULL) <> (refusal IS NOT NULL))
);
