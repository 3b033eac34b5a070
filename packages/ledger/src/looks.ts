/** How many looks at its sessions a seller has left, as its last one found: of no moment while less than half is used. */
import { type Charge, LOOKS_TO_SPARE, type LooksLeft } from '@wsad/domain';
import type { Db } from './db.ts';

export interface LookCharges {
  readonly looks: readonly Charge[];
  /** What sessions begin with, each with its own counter alone: as many as are free there may yet want looks. */
  readonly opens: readonly Charge[];
}

export interface KnownLooks {
  note(nip: string, spare: boolean, charges: () => LookCharges): Promise<void>;
  of(nip: string): LooksLeft;
}

/** More sellers than this and all begin anew. */
const SELLERS_MAX = 10_000;
/** A seller that has sessions under way looks at them sooner; what is older tells of earlier ones. */
const TOLD_MS = 600_000;

export function knownLooks(db: Db, clock: () => Date): KnownLooks {
  const scarce = new Map<string, LooksLeft & { readonly at: Date }>();
  return {
    async note(nip, spare, charges) {
      if (spare) {
        scarce.delete(nip);
        return;
      }
      if (scarce.size >= SELLERS_MAX) scarce.clear();
      const at = clock();
      scarce.set(nip, { spare, forEach: await looksForEach(db, nip, charges(), at), at });
    },
    of(nip) {
      const told = scarce.get(nip);
      return told === undefined || clock().getTime() - told.at.getTime() > TOLD_MS ? LOOKS_TO_SPARE : told;
    },
  };
}

/** Within the longest window; as many as you like while less than half of its calls is used. */
async function looksForEach(db: Db, nip: string, { looks, opens }: LookCharges, now: Date): Promise<number> {
  const spans = longestOf([...looks, ...opens]);
  const { rows } = await db.pool.query<{ used: number; underWay: number }>(
    `SELECT (SELECT count(*)::int FROM call_slots WHERE call_slots.counter = span.counter
         AND answered_at > $1::timestamptz - span.ms * interval '1 ms') AS used,
       (SELECT count(*)::int FROM sessions WHERE nip = $2 AND state IN ('opened', 'closing', 'closed')) AS "underWay"
     FROM unnest($3::text[], $4::int[]) WITH ORDINALITY AS span (counter, ms, place) ORDER BY place`,
    [now, nip, spans.map(({ counter }) => counter), spans.map(({ lengthMs }) => lengthMs)],
  );
  const left = spans.map(({ calls }, place) => Math.max(0, calls - (rows[place]?.used ?? 0)));
  const ofLooks = left.slice(0, looks.length);
  if (ofLooks.every((calls, place) => calls > (spans[place]?.calls ?? 0) / 2))
    return Number.POSITIVE_INFINITY;
  const toCome = left.slice(looks.length).reduce((sum, calls) => sum + calls, 0);
  return Math.min(...ofLooks) / Math.max(1, (rows[0]?.underWay ?? 0) + toCome);
}

function longestOf(charges: readonly Charge[]) {
  return charges.flatMap(({ counter, windows }) =>
    windows.slice(-1).map(({ lengthMs, calls }) => ({ counter, lengthMs, calls })),
  );
}
