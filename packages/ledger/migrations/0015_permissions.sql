-- Sent, and KSeF lets no login of the seller see or close it (403): its words. Null once it does.
ALTER TABLE sessions ADD COLUMN shut_out text;
CREATE INDEX sessions_shut_out ON sessions (nip) WHERE shut_out IS NOT NULL;

-- Null where the login claims nothing; an empty list is a claim of its own: no permission at all.
ALTER TABLE authentications ALTER COLUMN permissions DROP NOT NULL, ALTER COLUMN permissions DROP DEFAULT;
UPDATE authentications SET permissions = NULL WHERE permissions = '{}';
