-- Settling writes an invoice anew into every index, next to where accepting wrote it. The indexes that grow at their end leave
-- room for that: a full page is searched for what could go before it is split, and nothing of what is being settled can go.
-- Pages that are there already stay as they are.
ALTER INDEX invoices_pkey SET (fillfactor = 45);
ALTER INDEX invoices_of_seller SET (fillfactor = 45);
ALTER INDEX invoices_live_identity SET (fillfactor = 45);
