-- Somebody's page, logged in with a key or, where `key_id` is null, with ADMIN_TOKEN. Of the token in the cookie only the
-- hash is kept; `admin_proof` is of both tokens, so that a changed ADMIN_TOKEN fits no more and neither can be guessed.
CREATE TABLE page_sessions (
  token_sha256 text COLLATE "C" PRIMARY KEY,
  key_id uuid REFERENCES api_keys,
  admin_proof text COLLATE "C",
  created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  CHECK ((key_id IS NULL) <> (admin_proof IS NULL))
);
CREATE INDEX page_sessions_old ON page_sessions (seen_at);

-- What calls and sessions came to, by time: a row or two for each of them, never one for each invoice of a batch.
CREATE INDEX events_of_progress ON events (at) WHERE type IN (
  'submission.accepted', 'session.verdicts', 'session.settled', 'invoice.refused', 'invoice.resolved', 'invoice.foundAtKsef'
);

-- What waits for a person, by cause. Few invoices are ever in it.
CREATE INDEX invoices_held ON invoices (nip, hold_cause, held_at) WHERE state = 'held';

-- Looking for a buyer. An invoice enters these once, when it is cleared; whatever is under way or was refused is found by
-- the indexes of those. Polish capitals are named, since lower() knows them in some locales alone.
CREATE INDEX invoices_buyer_name ON invoices (lower(translate(buyer_name, 'ĄĆĘŁŃÓŚŹŻ', 'ąćęłńóśźż')) text_pattern_ops) WHERE state = 'cleared' AND buyer_name IS NOT NULL;
CREATE INDEX invoices_buyer_nip ON invoices (buyer_nip text_pattern_ops) WHERE state = 'cleared' AND buyer_nip IS NOT NULL;
-- Days come nearly in the order of arrival: it takes a line for thousands of rows, and no change of an invoice touches it.
CREATE INDEX invoices_issue_date ON invoices USING brin (issue_date);

-- How the invoices of a submission ended, once every one of them has: final states never change.
ALTER TABLE submissions ADD COLUMN final_by_state jsonb;
