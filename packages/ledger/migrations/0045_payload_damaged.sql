-- What is held because its stored bytes are damaged, which every look at the overview asks for: as good as always nothing.
CREATE INDEX IF NOT EXISTS invoices_payload_damaged ON invoices (nip, held_at) WHERE stage = 'held' AND hold_cause = 'payload_damaged';
