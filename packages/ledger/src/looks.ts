/** How many looks at its sessions a seller has left, as its last one found: of no moment while less than half is used. */
import { type Charge, LOOKS_TO_SPARE, type LooksLeft, sessionsToCome } from '@wsad/domain';
import type { Db } from './db.ts';

export interface LookCharges {
  readonly looks: readonly Charge[];
  /** What sessions begin with, each with its own counter alone: it tells how many more will want looks. */
  readonly opens: readonly Charge[];
}

export interface KnownLooks {
  /** Never fails: it is a hint, and who looks has taken a place already. */
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
      const at = clock();
      // What could not be asked is as it was told last.
      const before = scarce.get(nip) ?? LOOKS_TO_SPARE;
      const forEach = await looksForEach(db, nip, charges(), at).catch(() => before.forEach);
      if (scarce.size >= SELLERS_MAX) scarce.clear();
      scarce.set(nip, { spare, forEach, at });
    },
    of(nip) {
      const told = scarce.get(nip);
      if (told === undefined) return LOOKS_TO_SPARE;
      const agoMs = clock().getTime() - told.at.getTime();
      // A clock that was put back would keep it for longer.
      return agoMs < 0 || agoMs > TOLD_MS ? LOOKS_TO_SPARE : told;
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
  const counted = spans.map(({ calls }, place) => {
    const used = rows[place]?.used ?? 0;
    return { calls, used, free: Math.max(0, calls - used) };
  });
  const ofLooks = counted.slice(0, looks.length);
  if (ofLooks.every(({ calls, free }) => free > calls / 2)) return Number.POSITIVE_INFINITY;
  const toCome = counted.slice(looks.length).map(({ used, free }) => sessionsToCome(used, free));
  const sessions = toCome.reduce((sum, count) => sum + count, rows[0]?.underWay ?? 0);
  return Math.min(...ofLooks.map(({ free }) => free)) / Math.max(1, sessions);
}

function longestOf(charges: readonly Charge[]) {
  return charges.flatMap(({ counter, windows }) =>
    windows.slice(-1).map(({ lengthMs, calls }) => ({ counter, lengthMs, calls })),
  );
}
