-- Where an invoice stands, coarsely: its state, but one and the same `open` from acceptance to KSeF's verdict. A change of a
-- column that any index speaks of writes the row anew into every index, so the indexes speak of this instead of the state,
-- and the steps on the way touch none of them. `atKsef` is what KSeF takes long over: out of the way of what waits.
-- The constant default costs nothing, however many rows there are; what is not cleared is set right one by one.
ALTER TABLE invoices ADD COLUMN stage text COLLATE "C" NOT NULL DEFAULT 'cleared';
ALTER TABLE invoices ALTER COLUMN stage SET DEFAULT 'open';
UPDATE invoices SET stage = CASE WHEN state IN ('accepted', 'sending', 'processing') THEN 'open' ELSE state END
  WHERE state <> 'cleared';

-- Whoever writes a state need not know of it.
CREATE FUNCTION keep_stage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.stage := CASE WHEN NEW.state IN ('accepted', 'sending', 'processing') THEN 'open' ELSE NEW.state END;
  RETURN NEW;
END $$;
CREATE TRIGGER invoices_keep_stage BEFORE INSERT OR UPDATE ON invoices FOR EACH ROW
  WHEN (NOT CASE
    WHEN NEW.state IN ('sending', 'processing') THEN NEW.stage IN ('open', 'atKsef')
    WHEN NEW.state = 'accepted' THEN NEW.stage = 'open'
    ELSE NEW.stage = NEW.state
  END)
  EXECUTE FUNCTION keep_stage();
ALTER TABLE invoices ENABLE ALWAYS TRIGGER invoices_keep_stage;
