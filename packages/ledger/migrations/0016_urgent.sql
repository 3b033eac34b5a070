-- What its sender called urgent: it waits for no pace, and the reserve of an hour's calls is for it.
ALTER TABLE invoices ADD COLUMN urgent boolean NOT NULL DEFAULT false;
