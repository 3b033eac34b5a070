-- API keys: only the SHA-256 of a 32-byte random key is kept. `sellers` null means all.
CREATE TABLE api_keys (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('submit', 'read', 'admin')),
  sellers text[],
  key_sha256 text COLLATE "C" NOT NULL UNIQUE,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  deleted_at timestamptz
);

-- Answers kept for repeated calls. Without `status` the first call is still being answered.
CREATE TABLE idempotency (
  scope text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  request_hash text NOT NULL,
  status integer,
  body text,
  begun_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_expiry ON idempotency (expires_at);

-- How KSeF has answered of late.
CREATE TABLE connection (
  environment text PRIMARY KEY,
  last_success_at timestamptz,
  latency_ms integer,
  consecutive_failures integer NOT NULL DEFAULT 0,
  last_error text,
  last_error_at timestamptz
);
