-- A call that is too large to be held in memory lies here, checked, a part in a row, until it is whole; then all of it is
-- accepted in one transaction. Nothing has been promised of it, so it need not outlive a crash: no WAL. In a row's arrays
-- each invoice has its element, named as in `invoices`; its payload begins at `at` (from 1) of `deflated`.
-- `call_id` is a UUID version 7: what a call left behind that died is known by its age.
CREATE UNLOGGED TABLE staged_parts (
  call_id uuid NOT NULL,
  part integer NOT NULL,
  position integer[] NOT NULL,
  issuer_nip text[] NOT NULL,
  form text[] NOT NULL,
  kind text[] NOT NULL,
  number text[] NOT NULL,
  issue_date date[] NOT NULL,
  sha256 text[] NOT NULL,
  size_bytes integer[] NOT NULL,
  has_attachment boolean[] NOT NULL,
  buyer_name text[] NOT NULL,
  buyer_nip text[] NOT NULL,
  currency text[] NOT NULL,
  gross_amount text[] NOT NULL,
  external_id text[] NOT NULL,
  file_name text[] NOT NULL,
  not_before timestamptz[] NOT NULL,
  crc32 bigint[] NOT NULL,
  at integer[] NOT NULL,
  size integer[] NOT NULL,
  deflated bytea NOT NULL,
  PRIMARY KEY (call_id, part)
);
-- Read once, soon: packing them would cost more than the place that it spares.
ALTER TABLE staged_parts
  ALTER COLUMN position SET STORAGE EXTERNAL,
  ALTER COLUMN issuer_nip SET STORAGE EXTERNAL,
  ALTER COLUMN form SET STORAGE EXTERNAL,
  ALTER COLUMN kind SET STORAGE EXTERNAL,
  ALTER COLUMN number SET STORAGE EXTERNAL,
  ALTER COLUMN issue_date SET STORAGE EXTERNAL,
  ALTER COLUMN sha256 SET STORAGE EXTERNAL,
  ALTER COLUMN size_bytes SET STORAGE EXTERNAL,
  ALTER COLUMN has_attachment SET STORAGE EXTERNAL,
  ALTER COLUMN buyer_name SET STORAGE EXTERNAL,
  ALTER COLUMN buyer_nip SET STORAGE EXTERNAL,
  ALTER COLUMN currency SET STORAGE EXTERNAL,
  ALTER COLUMN gross_amount SET STORAGE EXTERNAL,
  ALTER COLUMN external_id SET STORAGE EXTERNAL,
  ALTER COLUMN file_name SET STORAGE EXTERNAL,
  ALTER COLUMN not_before SET STORAGE EXTERNAL,
  ALTER COLUMN crc32 SET STORAGE EXTERNAL,
  ALTER COLUMN at SET STORAGE EXTERNAL,
  ALTER COLUMN size SET STORAGE EXTERNAL,
  ALTER COLUMN deflated SET STORAGE EXTERNAL;
