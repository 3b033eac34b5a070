-- As long as one index speaks of the state, every change of it is written into all of them.
DROP INDEX invoices_identity, invoices_bytes, invoices_correction, invoices_waiting, invoices_open, invoices_held,
  invoices_awaiting_consent, invoices_attachments_waiting, invoices_on_trial;
DROP INDEX invoices_refused, invoices_refused_of_all, invoices_refused_number, invoices_refused_bytes, invoices_buyer_name,
  invoices_buyer_nip;
-- The next state of every row has its place on the same page.
ALTER TABLE invoices SET (fillfactor = 50);
