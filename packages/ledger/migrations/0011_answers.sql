-- Interactive: KSeF refused this one alone and took nothing in; the session has nothing more to do with it.
ALTER TABLE session_members ADD COLUMN refused_at timestamptz;

-- What KSeF announces beside its answers (X-System-Warning), as long as it does.
CREATE TABLE system_warnings (
  text text PRIMARY KEY,
  since timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL
);
