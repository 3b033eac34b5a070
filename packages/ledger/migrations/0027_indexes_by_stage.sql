-- What the indexes by state were for, by stage.
CREATE UNIQUE INDEX invoices_live_identity ON invoices (number, issuer_nip, kind)
  WHERE stage NOT IN ('rejected', 'withdrawn');
CREATE UNIQUE INDEX invoices_live_bytes ON invoices (sha256) WHERE stage NOT IN ('rejected', 'withdrawn');
CREATE UNIQUE INDEX invoices_live_correction ON invoices (corrected_sha256)
  WHERE corrected_sha256 IS NOT NULL AND stage NOT IN ('rejected', 'withdrawn');

-- Work that is not done: by lane, and by seller.
CREATE INDEX invoices_unfinished ON invoices (stage, nip, form, mode, not_before, id)
  WHERE stage IN ('open', 'atKsef', 'held');
CREATE INDEX invoices_held_by_cause ON invoices (nip, hold_cause, held_at) WHERE stage = 'held';
CREATE INDEX invoices_held_for_consent ON invoices (nip, form, mode)
  WHERE stage = 'held' AND hold_cause = 'attachment_consent';
CREATE INDEX invoices_open_attachments ON invoices (nip, not_before) WHERE stage = 'open' AND has_attachment;
CREATE INDEX invoices_open_trials ON invoices (nip, trial_id) WHERE stage = 'open' AND trial_id IS NOT NULL;

-- What did not go well.
CREATE INDEX invoices_ended_of_seller ON invoices (nip, stage, id) WHERE stage IN ('rejected', 'withdrawn');
CREATE INDEX invoices_ended_of_all ON invoices (stage, id) WHERE stage IN ('rejected', 'withdrawn');
CREATE INDEX invoices_ended_number ON invoices (number) WHERE stage IN ('rejected', 'withdrawn');
CREATE INDEX invoices_ended_bytes ON invoices (sha256) WHERE stage IN ('rejected', 'withdrawn');

CREATE INDEX invoices_cleared_buyer_name
  ON invoices (lower(translate(buyer_name, 'ĄĆĘŁŃÓŚŹŻ', 'ąćęłńóśźż')) text_pattern_ops)
  WHERE stage = 'cleared' AND buyer_name IS NOT NULL;
CREATE INDEX invoices_cleared_buyer_nip ON invoices (buyer_nip text_pattern_ops)
  WHERE stage = 'cleared' AND buyer_nip IS NOT NULL;
