import { type Mode, planDispatch } from '@wsad/domain';
import type { Db } from '../db.ts';
import { gateKeys, lanesWaitUntil, readGates } from '../gates.ts';
import { readRoom } from '../room.ts';
import { WAITING } from '../stages.ts';
import { datedNow, readTrials, WAITING_COLUMNS, type WaitingRow, waitingOf } from '../waiting.ts';

/** When the next of the seller's invoices goes: `now` where some are due; null where none waits. */
export async function nextDispatchAt(db: Db, nip: string, now: Date): Promise<Date | null> {
  const dated = await datedNow(db.pool, now);
  const { rows } = await db.pool.query<WaitingRow & { form: string; mode: Mode }>(
    `SELECT form, mode, ${WAITING_COLUMNS} FROM invoices WHERE nip = $3 AND ${WAITING} GROUP BY form, mode`,
    [now, dated.day.today, nip],
  );
  if (rows.length === 0) return null;
  const backAt = lanesWaitUntil(await readGates(db.pool, gateKeys(db.egress, nip), now), now);
  if (backAt !== null) return backAt;
  const room = await readRoom(db.pool, db.egress, nip, now);
  const trials = await readTrials(db.pool, nip, dated);
  const moments = rows.flatMap((lane) => {
    const decision = planDispatch(now, waitingOf(lane, lane, dated, trials), room);
    if (decision.kind === 'idle') return [];
    return [decision.kind === 'wait' ? decision.until : now];
  });
  return moments.sort((left, right) => left.getTime() - right.getTime())[0] ?? null;
}
