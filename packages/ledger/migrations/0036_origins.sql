-- The call that brought a submission in, as logs and traces name it; both null before this was kept.
ALTER TABLE submissions
  ADD COLUMN request_id text COLLATE "C",
  ADD COLUMN trace_parent text COLLATE "C";

-- The calls that a session's invoices came by, a bounded number of them: [{"requestId": …, "traceParent": …}].
ALTER TABLE sessions ADD COLUMN origins jsonb NOT NULL DEFAULT '[]';
