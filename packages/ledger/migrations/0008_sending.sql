-- A technical correction names the hash of the offline invoice that it replaces; KSeF takes one for each.
ALTER TABLE invoices ADD COLUMN corrected_sha256 text COLLATE "C" CHECK (length(corrected_sha256) = 44);
CREATE UNIQUE INDEX invoices_correction ON invoices (corrected_sha256)
  WHERE corrected_sha256 IS NOT NULL AND state NOT IN ('rejected', 'withdrawn');
-- What may be corrected is found by its hash.
CREATE INDEX invoices_refused_bytes ON invoices (sha256) WHERE state IN ('rejected', 'withdrawn');

CREATE TRIGGER invoices_correction_for_ever BEFORE UPDATE OF corrected_sha256 ON invoices FOR EACH ROW
  WHEN (OLD.corrected_sha256 IS DISTINCT FROM NEW.corrected_sha256)
  EXECUTE FUNCTION refuse_change('what an invoice corrects never changes');

-- KSeF's last word on whether a seller may send attachments: `unknown` where it does not tell us. It is good until
-- `good_until`, and no question is asked before `ask_after`.
CREATE TABLE attachment_consents (
  nip text COLLATE "C" PRIMARY KEY,
  answer text CHECK (answer IN ('granted', 'refused', 'unknown')),
  asked_at timestamptz NOT NULL,
  good_until timestamptz NOT NULL,
  ask_after timestamptz NOT NULL
);
CREATE INDEX invoices_attachments_waiting ON invoices (nip, not_before) WHERE state = 'accepted' AND has_attachment;
CREATE INDEX invoices_awaiting_consent ON invoices (nip, form, mode)
  WHERE state = 'held' AND hold_cause = 'attachment_consent';

-- A cleared invoice fetched back from KSeF by its number, when somebody asked for it.
CREATE TABLE confirmations (
  invoice_id uuid PRIMARY KEY REFERENCES invoices,
  -- Hash of what KSeF gave; null where it gave nothing.
  sha256 text COLLATE "C",
  -- KSeF will not give it to us: its words.
  refusal text,
  confirmed_at timestamptz NOT NULL,
  CONSTRAINT given_or_refused CHECK ((sha256 IS NOT NULL) <> (refusal IS NOT NULL))
);
