-- The authentication sessions that KSeF named for a seller, when somebody last asked for them. `asked_at` later than
-- `fetched_at`: KSeF is still to be asked.
CREATE TABLE auth_session_lists (
  nip text COLLATE "C" PRIMARY KEY REFERENCES sellers,
  asked_at timestamptz NOT NULL,
  fetched_at timestamptz,
  sessions jsonb,
  -- KSeF will not tell us: its words.
  refusal text
);

-- Authentication sessions that are to be revoked at KSeF; `reference` may be 'current'. A row goes once its end was told.
CREATE TABLE auth_session_revocations (
  nip text COLLATE "C" NOT NULL REFERENCES sellers,
  reference text COLLATE "C" NOT NULL,
  asked_at timestamptz NOT NULL,
  done_at timestamptz,
  refusal text,
  PRIMARY KEY (nip, reference)
);
