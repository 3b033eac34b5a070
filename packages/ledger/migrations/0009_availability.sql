-- Whether KSeF lets calls through, shared by all processes. `key` is "egress" for all calls and "egress|nip" for a
-- seller's. Only what is not `troubled` lets calls through unasked. The rules are the domain's (gate.ts).
CREATE TABLE ksef_gates (
  key text COLLATE "C" PRIMARY KEY,
  troubled boolean NOT NULL DEFAULT false,
  failures integer NOT NULL DEFAULT 0,
  sellers text[] NOT NULL DEFAULT '{}',
  opened_at timestamptz,
  shut_until timestamptz,
  pauses integer NOT NULL DEFAULT 0,
  probe_until timestamptz,
  ramp_from timestamptz,
  ramp_calls integer NOT NULL DEFAULT 0
);

-- Takes places as take_call does, unless a gate in the way has to be asked first: then 'gated', and nothing is taken.
CREATE FUNCTION take_call_through_gates(
  p_gates text[],
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
) LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM ksef_gates WHERE key = ANY (p_gates) AND troubled) THEN
    outcome := 'gated';
    RETURN;
  END IF;
  SELECT taken.outcome, taken.free_at, taken.in_the_way, taken.slots INTO outcome, free_at, in_the_way, slots
  FROM take_call(
    p_now, p_nip, p_limits_read_at, p_presumed_ms, p_counters, p_window_counters, p_window_ms, p_window_calls
  ) AS taken;
END $$;

-- KSeF's clock less ours, as last measured; the truth lies within the uncertainty on either side.
ALTER TABLE connection ADD COLUMN clock_offset_ms double precision;
ALTER TABLE connection ADD COLUMN clock_uncertainty_ms double precision;
ALTER TABLE connection ADD COLUMN clock_read_at timestamptz;

-- Rounds that one process makes for all: whoever comes first after `next_at` takes the turn.
CREATE TABLE turns (
  name text COLLATE "C" PRIMARY KEY,
  next_at timestamptz NOT NULL
);

-- KSeF's status service as last read. Its own outages leave this as it is.
CREATE TABLE latarnia (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  status text,
  read_at timestamptz,
  -- Readings in a row that failed.
  failures integer NOT NULL DEFAULT 0,
  last_error text,
  last_error_at timestamptz
);
INSERT INTO latarnia DEFAULT VALUES;

CREATE TABLE latarnia_messages (
  id text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  event_id text,
  category text,
  type text,
  title text,
  text text,
  starts_at timestamptz,
  ends_at timestamptz,
  published_at timestamptz,
  -- It came with the status itself, so it is about now.
  in_force boolean NOT NULL,
  first_read_at timestamptz NOT NULL,
  last_read_at timestamptz NOT NULL,
  PRIMARY KEY (id, version)
);

-- A person's decision that KSeF was, by law, unavailable or failed; it moves deadlines. Said again, its end changes.
CREATE TABLE outages (
  kind text NOT NULL CHECK (kind IN ('unavailable', 'failure')),
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  decided_by text NOT NULL,
  decided_at timestamptz NOT NULL,
  PRIMARY KEY (kind, started_at),
  CONSTRAINT ends_after_it_started CHECK (ended_at > started_at)
);

-- What has been said of deadlines, so that it is said once, whoever says it.
CREATE TABLE deadline_warnings (
  nip text COLLATE "C" NOT NULL,
  deadline_at timestamptz NOT NULL,
  threshold text NOT NULL CHECK (threshold IN ('4h', '1h', 'passed')),
  invoices integer NOT NULL,
  told_at timestamptz NOT NULL,
  PRIMARY KEY (nip, deadline_at, threshold)
);
CREATE INDEX deadline_warnings_old ON deadline_warnings (told_at);
