-- Invoices of a call that is too large to be held in memory, checked, while the rest of it comes in; when it is whole they are
-- accepted from here, all in one transaction. Nothing has been promised of them, so they need not outlive a crash: no WAL.
-- `call_id` is a UUID version 7: what a crashed call left behind is known by its age. The rest is as in `invoices`.
CREATE UNLOGGED TABLE staged_invoices (
  call_id uuid NOT NULL,
  position integer NOT NULL,
  issuer_nip text COLLATE "C" NOT NULL,
  form text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  number text COLLATE "C" NOT NULL,
  issue_date date NOT NULL,
  sha256 text COLLATE "C" NOT NULL,
  size_bytes integer NOT NULL,
  has_attachment boolean NOT NULL,
  buyer_name text,
  buyer_nip text,
  currency text,
  gross_amount text,
  external_id text,
  file_name text,
  not_before timestamptz NOT NULL,
  crc32 bigint NOT NULL,
  deflated bytea NOT NULL,
  PRIMARY KEY (call_id, position)
);
ALTER TABLE staged_invoices ALTER COLUMN deflated SET STORAGE EXTERNAL;
