import { planDispatch } from '@wsad/domain';
import type { Db } from '../db.ts';
import { readRoom } from '../room.ts';
import { mayGo, WHICH } from '../which.ts';

const BEGUN = `not_before <= $2 AND ${mayGo('$1', '$2')}`;

/** When the next of the seller's invoices goes: `now` where some are due; null where none waits. */
export async function nextDispatchAt(db: Db, nip: string, now: Date): Promise<Date | null> {
  const { rows } = await db.pool.query<LaneRow>(
    `SELECT count(*) FILTER (WHERE ${BEGUN})::int AS count,
       count(*) FILTER (WHERE ${BEGUN} AND ${WHICH.attachments})::int AS attachments,
       count(*) FILTER (WHERE ${BEGUN} AND ${WHICH.corrections})::int AS corrections,
       min(due_at) FILTER (WHERE ${BEGUN}) AS "firstDueAt",
       min(not_before) FILTER (WHERE not_before > $2) AS "nextBeginsAt"
     FROM invoices WHERE nip = $1 AND state = 'accepted' GROUP BY form, mode`,
    [nip, now],
  );
  if (rows.length === 0) return null;
  const room = await readRoom(db.pool, db.egress, nip, now);
  const moments = rows.flatMap((lane) => {
    const decision = planDispatch(now, lane, room);
    if (decision.kind === 'idle') return [];
    return [decision.kind === 'wait' ? decision.until : now];
  });
  return moments.sort((left, right) => left.getTime() - right.getTime())[0] ?? null;
}

interface LaneRow {
  count: number;
  attachments: number;
  corrections: number;
  firstDueAt: Date | null;
  nextBeginsAt: Date | null;
}
