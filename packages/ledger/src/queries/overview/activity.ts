/** What was done of late, minute by minute: added up from what each call and each session came to. */
import { startOfWarsawDay, warsawDay } from '@wsad/domain';
import type { Db } from '../../db.ts';
import { HELD } from '../../stages.ts';

export interface Activity {
  readonly accepted: number;
  readonly cleared: number;
  readonly rejected: number;
  /** Held then, and still waiting for a person. */
  readonly held: number;
}

export interface OverviewActivity {
  /** Since the day began in Warsaw. */
  readonly today: Activity;
  /** The last hour, the oldest minute first, none left out. */
  readonly perMinute: readonly (Activity & { readonly at: Date })[];
}

type MinuteRow = Activity & { readonly at: Date };

const MINUTE_MS = 60_000;
const MINUTES_TOLD = 60;
const NOTHING: Activity = { accepted: 0, cleared: 0, rejected: 0, held: 0 };

export async function overviewActivity(
  db: Db,
  nips: readonly string[] | null,
  now: Date,
): Promise<OverviewActivity> {
  const day = startOfWarsawDay(warsawDay(now));
  const thisMinuteMs = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS;
  const minutes = Array.from(
    { length: MINUTES_TOLD },
    (_, index) => new Date(thisMinuteMs - (MINUTES_TOLD - 1 - index) * MINUTE_MS),
  );
  const since = new Date(Math.min(day.getTime(), thisMinuteMs - (MINUTES_TOLD - 1) * MINUTE_MS));
  const { rows } = await db.pool.query<MinuteRow>(BY_MINUTE, [since, nips]);
  const of = new Map(rows.map((row) => [row.at.getTime(), row]));
  return {
    today: rows.filter(({ at }) => at >= day).reduce(added, NOTHING),
    perMinute: minutes.map((at) => ({ ...NOTHING, ...of.get(at.getTime()), at })),
  };
}

function added(left: Activity, right: Activity): Activity {
  return {
    accepted: left.accepted + right.accepted,
    cleared: left.cleared + right.cleared,
    rejected: left.rejected + right.rejected,
    held: left.held + right.held,
  };
}

const BY_MINUTE = `
  SELECT date_trunc('minute', at) AS at, sum(accepted)::int AS accepted, sum(cleared)::int AS cleared,
    sum(rejected)::int AS rejected, sum(held)::int AS held
  FROM (
    SELECT at,
      CASE type WHEN 'submission.accepted' THEN (detail ->> 'accepted')::int ELSE 0 END AS accepted,
      CASE WHEN type IN ('session.verdicts', 'session.settled') THEN coalesce((detail ->> 'cleared')::int, 0)
        WHEN type = 'invoice.foundAtKsef' OR detail ? 'ksefNumber' THEN 1 ELSE 0 END AS cleared,
      CASE WHEN type IN ('session.verdicts', 'session.settled') THEN coalesce((detail ->> 'rejected')::int, 0)
        WHEN type = 'invoice.refused' OR (type = 'invoice.resolved' AND detail ? 'rejected') THEN 1 ELSE 0 END AS rejected,
      0 AS held
    FROM events
    WHERE at >= $1 AND type IN (
      'submission.accepted', 'session.verdicts', 'session.settled', 'invoice.refused', 'invoice.resolved', 'invoice.foundAtKsef'
    ) AND ($2::text[] IS NULL OR coalesce(nip, (SELECT nip FROM invoices WHERE invoices.id = invoice_id)) = ANY ($2))
    UNION ALL
    SELECT held_at, 0, 0, 0, 1 FROM invoices
    WHERE ${HELD} AND held_at >= $1 AND ($2::text[] IS NULL OR nip = ANY ($2))
  ) AS done GROUP BY 1`;
