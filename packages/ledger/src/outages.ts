/** A person's decisions that KSeF was, by law, unavailable or failed. */
import type { Outage, OutageKind } from '@wsad/domain';
import { type Db, inTransaction } from './db.ts';
import { recordEvent } from './events.ts';
import { kept } from './kept-plans.ts';

export interface OutageDecision extends Outage {
  readonly decidedBy: string;
  readonly decidedAt: Date;
}

/** Oldest first. They are few. */
export async function outages(db: Db): Promise<OutageDecision[]> {
  const { rows } = await db.pool.query<OutageDecision>(
    kept(`SELECT kind, started_at AS "startedAt", ended_at AS "endedAt", decided_by AS "decidedBy", decided_at AS "decidedAt"
     FROM outages ORDER BY started_at, kind`),
  );
  return rows;
}

/** The same kind and beginning said again only changes the end. Each saying stays in the events. */
export async function decideOutage(
  db: Db,
  outage: { kind: OutageKind; startedAt: Date; endedAt: Date | null },
  actor: string,
  now: Date,
): Promise<OutageDecision> {
  const { kind, startedAt, endedAt } = outage;
  await inTransaction(db.pool, async (tx) => {
    await tx.query(
      `INSERT INTO outages (kind, started_at, ended_at, decided_by, decided_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (kind, started_at) DO UPDATE
         SET ended_at = excluded.ended_at, decided_by = excluded.decided_by, decided_at = excluded.decided_at`,
      [kind, startedAt, endedAt, actor, now],
    );
    const detail = { kind, startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null };
    await recordEvent(tx, { at: now, type: 'availability.decided', actor, detail });
  });
  return { ...outage, decidedBy: actor, decidedAt: now };
}
