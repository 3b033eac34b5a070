-- Looks in a row at which KSeF said that it knows no such session: one such answer among other failures is no proof.
ALTER TABLE sessions ADD COLUMN unknown_looks integer NOT NULL DEFAULT 0;
