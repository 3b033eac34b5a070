-- Of the original bytes, as zlib counts it (unsigned, hence the wide type). Null where the invoice was accepted before this
-- column was: then it is counted when the invoice is packed.
ALTER TABLE payloads ADD COLUMN crc32 bigint;
