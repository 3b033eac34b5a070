-- One row: which KSeF this ledger belongs to, for ever, and whether all sending is paused.
CREATE TABLE settings (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  environment text CHECK (environment IN ('TEST', 'DEMO', 'PRD')),
  vault_probe bytea,
  paused_at timestamptz
);
INSERT INTO settings DEFAULT VALUES;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'wsad: % of % is not allowed: %', lower(TG_OP), TG_TABLE_NAME, TG_ARGV[0]
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER settings_environment_for_ever BEFORE UPDATE ON settings FOR EACH ROW
  WHEN (OLD.environment IS NOT NULL AND NEW.environment IS DISTINCT FROM OLD.environment)
  EXECUTE FUNCTION refuse_change('a ledger belongs to one KSeF environment for ever');

-- Credentials are replaced, never changed: a session stays with the one that opened it. `sealed` is AES-256-GCM.
CREATE TABLE credentials (
  id uuid PRIMARY KEY,
  nip text COLLATE "C",
  shared_name text COLLATE "C",
  type text NOT NULL CHECK (type IN ('ksefToken', 'certificate')),
  sealed bytea,
  created_at timestamptz NOT NULL,
  retired_at timestamptz,
  CHECK ((nip IS NULL) <> (shared_name IS NULL)),
  CHECK (sealed IS NOT NULL OR retired_at IS NOT NULL)
);
CREATE UNIQUE INDEX credentials_of_seller ON credentials (nip) WHERE nip IS NOT NULL AND retired_at IS NULL;
CREATE UNIQUE INDEX credentials_shared ON credentials (shared_name) WHERE shared_name IS NOT NULL AND retired_at IS NULL;
CREATE INDEX credentials_to_wipe ON credentials (retired_at) WHERE retired_at IS NOT NULL AND sealed IS NOT NULL;

-- `shared_name` says that the seller uses shared credentials instead of its own.
CREATE TABLE sellers (
  nip text COLLATE "C" PRIMARY KEY CHECK (nip ~ '^[0-9]{10}$'),
  shared_name text COLLATE "C",
  paused_at timestamptz,
  created_at timestamptz NOT NULL
);
CREATE INDEX sellers_of_shared ON sellers (shared_name) WHERE shared_name IS NOT NULL;

-- Logins, one per context and credential. `login_owner` holds the one attempt that may be under way. That a login is
-- opening or has expired is read from its times.
CREATE TABLE authentications (
  nip text COLLATE "C" NOT NULL REFERENCES sellers,
  credential_id uuid NOT NULL REFERENCES credentials,
  state text NOT NULL DEFAULT 'none' CHECK (state IN ('none', 'active', 'refused', 'blocked')),
  method text,
  access_sealed bytea,
  access_until timestamptz,
  refresh_sealed bytea,
  refresh_until timestamptz,
  permissions text[] NOT NULL DEFAULT '{}',
  last_error text,
  login_owner text,
  login_until timestamptz,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (nip, credential_id)
);

-- The limits that KSeF named for a context.
CREATE TABLE rate_limits (
  nip text COLLATE "C" PRIMARY KEY,
  limits jsonb NOT NULL,
  read_at timestamptz NOT NULL
);
