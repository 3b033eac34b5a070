-- Beside whoever reads and writes: what came before 0050 was checked then, but the next restore should check it, too.
ALTER TABLE invoices VALIDATE CONSTRAINT ksef_number_has_its_form;
