-- Calls charged to a counter. `counter` is "nip@egress|name" or "egress|name".
CREATE TABLE call_slots (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  counter text COLLATE "C" NOT NULL,
  taken_at timestamptz NOT NULL,
  answered_at timestamptz
);
CREATE INDEX call_slots_answered ON call_slots (counter, answered_at) WHERE answered_at IS NOT NULL;
CREATE INDEX call_slots_under_way ON call_slots (counter, taken_at) WHERE answered_at IS NULL;
CREATE INDEX call_slots_old ON call_slots (answered_at) WHERE answered_at IS NOT NULL;

-- KSeF said 429: no such call before `until`.
CREATE TABLE call_penalties (
  counter text COLLATE "C" PRIMARY KEY,
  until timestamptz NOT NULL
);

-- Takes one place in every window of every counter, or none. It equals `earliestCallAt` of the domain, which a
-- property test compares it with. Windows come flat: window i belongs to counter p_window_counters[i].
-- Answers 'taken' with the slots, 'full' with the earliest moment and the counter in the way, or 'stale' where the
-- caller worked from limits that are not the last ones read.
CREATE FUNCTION take_call(
  p_now timestamptz,
  p_nip text,
  p_limits_read_at timestamptz,
  p_presumed_ms integer,
  p_counters text[],
  p_window_counters text[],
  p_window_ms integer[],
  p_window_calls integer[],
  OUT outcome text,
  OUT free_at timestamptz,
  OUT in_the_way text,
  OUT slots bigint[]
) LANGUAGE plpgsql
-- Its plans are kept, and one made while the table was small would read all of it later.
SET enable_seqscan TO off
AS $$
DECLARE
  one text;
  window_length interval;
  leaves_at timestamptz;
BEGIN
  FOR one IN SELECT unnest(p_counters) ORDER BY 1 LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended('pace|' || one, 0));
  END LOOP;
  IF p_nip IS NOT NULL AND (SELECT read_at FROM rate_limits WHERE nip = p_nip) IS DISTINCT FROM p_limits_read_at THEN
    outcome := 'stale';
    RETURN;
  END IF;
  UPDATE call_slots SET answered_at = taken_at + make_interval(secs => p_presumed_ms / 1000.0)
    WHERE counter = ANY (p_counters) AND answered_at IS NULL
      AND taken_at <= p_now - make_interval(secs => p_presumed_ms / 1000.0);

  free_at := p_now;
  SELECT greatest(p_now, until), counter INTO free_at, in_the_way FROM call_penalties
    WHERE counter = ANY (p_counters) ORDER BY until DESC LIMIT 1;
  free_at := coalesce(free_at, p_now);
  FOR i IN 1 .. coalesce(array_length(p_window_counters, 1), 0) LOOP
    window_length := make_interval(secs => p_window_ms[i] / 1000.0);
    IF p_window_calls[i] <= 0 THEN
      leaves_at := p_now + window_length;
    ELSE
      SELECT leaves INTO leaves_at FROM (
        SELECT answered_at + window_length AS leaves FROM call_slots
          WHERE counter = p_window_counters[i] AND answered_at > p_now - window_length
        UNION ALL
        SELECT p_now + least(window_length, interval '1 second') FROM call_slots
          WHERE counter = p_window_counters[i] AND answered_at IS NULL
      ) AS charged
      ORDER BY leaves DESC OFFSET p_window_calls[i] - 1 LIMIT 1;
    END IF;
    IF leaves_at > free_at THEN
      free_at := leaves_at;
      in_the_way := p_window_counters[i];
    END IF;
  END LOOP;

  IF free_at > p_now THEN
    outcome := 'full';
    RETURN;
  END IF;
  outcome := 'taken';
  in_the_way := NULL;
  WITH added AS (
    INSERT INTO call_slots (counter, taken_at) SELECT unnest(p_counters), p_now RETURNING id
  ) SELECT array_agg(id) INTO slots FROM added;
END $$;
