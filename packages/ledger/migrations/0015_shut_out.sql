-- Sent, and KSeF lets no login of the seller see or close it (403): its words. Null once it does.
ALTER TABLE sessions ADD COLUMN shut_out text;
CREATE INDEX sessions_shut_out ON sessions (nip) WHERE shut_out IS NOT NULL;
