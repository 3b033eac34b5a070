-- Why KSeF lets no login of the seller read a found session: nobody waits for it, and it is read once a login may.
ALTER TABLE found_sessions ADD COLUMN unreadable text;
