-- One bad apple. Invoices of a session that KSeF failed as a whole go again among themselves; such a group is a trial,
-- and one that fails is split in two, each half a trial of its own.
CREATE TABLE trials (
  id uuid PRIMARY KEY,
  -- The session with whose failure it all began.
  first_session_id uuid NOT NULL REFERENCES sessions,
  -- The one that failed with these invoices last.
  failed_session_id uuid NOT NULL REFERENCES sessions,
  -- Sessions in a row that KSeF failed with these invoices.
  failures integer NOT NULL,
  -- Of these, since KSeF was last seen to judge a session of the seller.
  unproven integer NOT NULL,
  began_at timestamptz NOT NULL
);
CREATE INDEX trials_of_failure ON trials (first_session_id);

ALTER TABLE invoices ADD COLUMN trial_id uuid REFERENCES trials;
ALTER TABLE sessions ADD COLUMN trial_id uuid REFERENCES trials;
CREATE INDEX invoices_on_trial ON invoices (nip, trial_id) WHERE state = 'accepted' AND trial_id IS NOT NULL;
-- Whether KSeF judges sessions just now, or fails them.
CREATE INDEX sessions_ended ON sessions (ended_at) WHERE state IN ('settled', 'failed');
