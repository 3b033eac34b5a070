-- What has been done for each seller, as added-up differences like the totals of all: a seller's overview need not count
-- its history. It is read off the events, which a change writes in its own
-- transaction; a version before writes none of refusals, which are therefore counted where they are few.
CREATE TABLE seller_tallies (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nip text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  amount bigint NOT NULL
);
CREATE INDEX seller_tallies_of_seller ON seller_tallies (nip, state);

CREATE FUNCTION tally_sellers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO seller_tallies (nip, state, amount)
  SELECT coalesce(fresh.nip, (SELECT invoices.nip FROM invoices WHERE invoices.id = fresh.invoice_id)), done.state, sum(done.amount)
  FROM fresh CROSS JOIN LATERAL (VALUES
    ('cleared', CASE
      WHEN type IN ('session.verdicts', 'session.settled') THEN (detail ->> 'cleared')::bigint
      WHEN type = 'invoice.foundAtKsef' OR (type = 'invoice.resolved' AND detail ? 'ksefNumber') THEN 1
    END),
    ('rejected', CASE
      WHEN type IN ('session.verdicts', 'session.settled') THEN (detail ->> 'rejected')::bigint
      WHEN type = 'invoice.refused' OR (type = 'invoice.resolved' AND NOT detail ? 'ksefNumber') THEN 1
    END),
    ('withdrawn', CASE WHEN type = 'invoice.withdrawnBy' THEN 1 END)
  ) AS done (state, amount)
  WHERE type IN (
      'session.verdicts', 'session.settled', 'invoice.foundAtKsef', 'invoice.refused', 'invoice.resolved', 'invoice.withdrawnBy'
    ) AND done.amount > 0
  GROUP BY 1, 2;
  RETURN NULL;
END $$;
-- Nothing is written down from here on until the count below is, so that nothing is left out or counted twice.
CREATE TRIGGER events_are_tallied AFTER INSERT ON events REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION tally_sellers();

INSERT INTO seller_tallies (nip, state, amount)
SELECT nip, state, count(*) FROM invoices WHERE state IN ('cleared', 'rejected', 'withdrawn') GROUP BY nip, state;
