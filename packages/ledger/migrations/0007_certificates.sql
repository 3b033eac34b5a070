-- What may be told of a certificate that logs in; its key is sealed with it. `expiry_told_at` is when somebody was last
-- told that it runs out.
ALTER TABLE credentials
  ADD COLUMN certificate_kind text CHECK (certificate_kind IN ('personal', 'seal', 'unknown')),
  ADD COLUMN certificate_subject text,
  ADD COLUMN certificate_serial text,
  ADD COLUMN valid_from timestamptz,
  ADD COLUMN valid_to timestamptz,
  ADD COLUMN expiry_told_at timestamptz,
  ADD CHECK (type <> 'certificate' OR
    num_nulls(certificate_kind, certificate_subject, certificate_serial, valid_from, valid_to) = 0);
CREATE INDEX credentials_running_out ON credentials (valid_to) WHERE valid_to IS NOT NULL AND retired_at IS NULL;

-- KSeF's certificates of type Offline: they sign KOD II and never log in. `sealed` holds certificate and key.
CREATE TABLE offline_certificates (
  nip text COLLATE "C" PRIMARY KEY REFERENCES sellers,
  sealed bytea NOT NULL,
  certificate_kind text NOT NULL CHECK (certificate_kind IN ('personal', 'seal', 'unknown')),
  certificate_subject text NOT NULL,
  certificate_serial text NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_to timestamptz NOT NULL,
  expiry_told_at timestamptz,
  put_at timestamptz NOT NULL
);
