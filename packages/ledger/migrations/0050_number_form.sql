-- What a KSeF number looks like, its lengths by a pattern and its characters by an expression without counts: PostgreSQL builds the
-- automaton of an expression anew for each row, and that of the counts took a tenth of the time in which verdicts are written down.
-- The same is refused as before, so what is there needs no second look.
ALTER TABLE invoices ADD CONSTRAINT ksef_number_has_its_form CHECK (
  ksef_number LIKE '__________-________-____________-__' AND ksef_number ~ '^[1-9][0-9]*-[0-9]*-[0-9A-F]*-[0-9A-F]*$'
) NOT VALID;
ALTER TABLE invoices DROP CONSTRAINT invoices_ksef_number_check;
