-- What is pointed at was looked for by statements put together anew, and so planned anew, at each of them: for a session of
-- twenty invoices that took longer than looking. Now each trigger keeps its plans. They look one id up after the other, however
-- large the tables were when they were made: a join could be planned to read all of a table that is not yet large.
-- The arguments of the triggers are as they were.
CREATE OR REPLACE FUNCTION refuse_unknown() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan TO off
AS $$
DECLARE
  missing text;
BEGIN
  IF TG_TABLE_NAME = 'submission_invoices' THEN
    IF EXISTS (
      SELECT FROM (SELECT DISTINCT submission_id AS id FROM added) AS named
      WHERE (SELECT true FROM submissions WHERE submissions.id = named.id) IS NULL
    ) THEN
      missing := 'submissions';
    END IF;
  ELSIF TG_TABLE_NAME = 'session_members' THEN
    IF EXISTS (
      SELECT FROM (SELECT DISTINCT session_id AS id FROM added) AS named
      WHERE (SELECT true FROM sessions WHERE sessions.id = named.id) IS NULL
    ) THEN
      missing := 'sessions';
    END IF;
  ELSIF TG_TABLE_NAME <> 'payloads' THEN
    RAISE EXCEPTION 'wsad: nothing is known of what % points at', TG_TABLE_NAME;
  END IF;
  IF missing IS NULL
    AND EXISTS (SELECT FROM added WHERE (SELECT true FROM invoices WHERE id = added.invoice_id) IS NULL) THEN
    missing := 'invoices';
  END IF;
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'wsad: a row of % names none of %', TG_TABLE_NAME, missing USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;

-- By default PostgreSQL weighs each of its statements anew against a plan for the very counters that it is given.
ALTER FUNCTION take_call(timestamptz, text, timestamptz, integer, text[], text[], integer[], integer[])
  SET plan_cache_mode TO force_generic_plan;
ALTER FUNCTION take_call_through_gates(text[], timestamptz, text, timestamptz, integer, text[], text[], integer[], integer[])
  SET plan_cache_mode TO force_generic_plan;
