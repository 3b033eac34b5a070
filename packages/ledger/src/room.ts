import {
  type BudgetUse,
  DOCUMENTED_RATE_LIMITS,
  type Room,
  roomOf,
  type Slot,
  type UnderWay,
} from '@wsad/domain';
import { allOf, type Db, type Tx } from './db.ts';
import { rateLimits } from './rate-limits.ts';

type Reader = Tx | Db['pool'];

const HOUR_MS = 3_600_000;

/** How many sessions the seller may begin now from this egress, by the calls charged and the sessions under way. */
export async function readRoom(reader: Reader, egress: string, nip: string, now: Date): Promise<Room> {
  const [known, charged, { batch, interactive }] = await allOf([
    rateLimits({ pool: reader }, nip),
    readCharged(reader, `${nip}@${egress}|`, new Date(now.getTime() - HOUR_MS)),
    readUnderWay(reader, nip),
  ] as const);
  return roomOf(now, { limits: known?.limits ?? DOCUMENTED_RATE_LIMITS, charged, batch, interactive });
}

async function readCharged(reader: Reader, prefix: string, since: Date): Promise<BudgetUse['charged']> {
  const { rows } = await reader.query<{ name: string; answered_at: Date | null; taken_at: Date }>(
    `SELECT substring(counter FROM length($1) + 1) AS name, answered_at, taken_at FROM call_slots
     WHERE counter = ANY ($2::text[]) AND (answered_at IS NULL OR answered_at > $3)`,
    [prefix, PLANNED_COUNTERS.map((counter) => prefix + counter), since],
  );
  const charged = new Map<string, Slot[]>();
  for (const { name, answered_at: answeredAt, taken_at: begunAt } of rows) {
    charged.set(name, [...(charged.get(name) ?? []), { answeredAt, begunAt }]);
  }
  return charged;
}

/** The groups that beginning and ending sessions is charged to. */
const PLANNED_COUNTERS = [
  'batchSession',
  'batchSessionClose',
  'onlineSession',
  'onlineSessionClose',
  'invoiceSend',
];

async function readUnderWay(
  reader: Reader,
  nip: string,
): Promise<{ batch: UnderWay; interactive: UnderWay }> {
  const { rows } = await reader.query<UnderWay & { kind: 'batch' | 'interactive' }>(
    `SELECT kind, count(*) FILTER (WHERE state = 'claimed')::int AS claimed,
       max(claimed_at) FILTER (WHERE state = 'claimed') AS "claimedAt",
       count(*) FILTER (WHERE state IN ('opened', 'closing'))::int AS opened,
       coalesce(sum(invoice_count) FILTER (WHERE state IN ('claimed', 'opened')), 0)::int AS sends
     FROM sessions WHERE nip = $1 AND state IN ('claimed', 'opened', 'closing') GROUP BY kind`,
    [nip],
  );
  const of = (kind: 'batch' | 'interactive'): UnderWay =>
    rows.find((row) => row.kind === kind) ?? { claimed: 0, opened: 0, sends: 0 };
  return { batch: of('batch'), interactive: of('interactive') };
}
