import {
  CALL_PRESUMED_ANSWERED_MS,
  type CallSlot,
  type Charge,
  chargesFor,
  type KsefOperation,
  LimitReached,
  type Pacer,
} from '@wsad/domain';
import type { Db } from './db.ts';
import { type LimitsInForce, rateLimits } from './rate-limits.ts';
import { tally } from './tallies.ts';

export interface PacerOptions {
  /** The address that KSeF sees us from; counters belong to (context, egress). The ledger's own where none is named. */
  readonly egress?: string;
  readonly clock: () => Date;
  readonly wait: (ms: number) => Promise<void>;
  /** How long `take` may wait for a place before it throws LimitReached. */
  readonly maxWaitMs?: number;
  /** How far the clocks of two nodes may be apart: every window is kept this much longer. */
  readonly clockSkewMs?: number;
}

const MAX_WAIT_MS = 2000;
const CLOCK_SKEW_MS = 50;
/** More sellers than this and the limits are simply read again. */
const REMEMBERED_SELLERS_MAX = 10_000;

/**
 * The pacer of all processes that share this database. A place is taken in every window a call counts in, in one
 * round trip, before the call is made; where none is free it waits a little, else it throws LimitReached.
 */
export function pacer(db: Db, options: PacerOptions): Pacer {
  const { egress = db.egress, clock, wait, maxWaitMs = MAX_WAIT_MS, clockSkewMs = CLOCK_SKEW_MS } = options;
  const remembered = new Map<string, LimitsInForce | null>();
  return {
    async take(operation, nip) {
      const giveUpAt = clock().getTime() + maxWaitMs;
      for (;;) {
        const limits = await limitsOf(db, nip, remembered);
        const charges = countersOf(operation, nip, egress, limits);
        const now = clock();
        const answer = await tryToTake(db, now, nip, limits, charges, clockSkewMs);
        if (answer.outcome === 'taken') return callSlot(db, answer.slots, clock);
        if (answer.outcome === 'stale') {
          remembered.delete(nip ?? '');
          continue;
        }
        if (answer.free_at.getTime() > giveUpAt) throw new LimitReached(answer.free_at, answer.in_the_way);
        await wait(Math.max(1, answer.free_at.getTime() - now.getTime()));
      }
    },
    async refused(operation, nip, until) {
      const limits = await limitsOf(db, nip, remembered);
      const [charge] = countersOf(operation, nip, egress, limits);
      if (charge !== undefined) await penalize(db, charge.counter, until);
    },
  };
}

async function limitsOf(
  db: Db,
  nip: string | null,
  remembered: Map<string, LimitsInForce | null>,
): Promise<LimitsInForce | null> {
  if (nip === null) return null;
  const known = remembered.get(nip);
  if (known !== undefined) return known;
  const read = await rateLimits(db, nip);
  if (remembered.size >= REMEMBERED_SELLERS_MAX) remembered.clear();
  remembered.set(nip, read);
  return read;
}

function countersOf(
  operation: KsefOperation,
  nip: string | null,
  egress: string,
  inForce: LimitsInForce | null,
): Charge[] {
  return chargesFor(operation, inForce?.limits ?? {}).map((charge) => ({
    ...charge,
    counter: `${charge.scope === 'context' ? `${nip ?? ''}@${egress}` : egress}|${charge.counter}`,
  }));
}

type TakeAnswer =
  | { outcome: 'taken'; slots: string[] }
  | { outcome: 'stale' }
  | { outcome: 'full'; free_at: Date; in_the_way: string };

async function tryToTake(
  db: Db,
  now: Date,
  nip: string | null,
  limits: LimitsInForce | null,
  charges: readonly Charge[],
  clockSkewMs: number,
): Promise<TakeAnswer> {
  const windows = charges.flatMap(({ counter, windows }) =>
    windows.map((window) => ({ counter, ...window })),
  );
  const { rows } = await db.pool.query<TakeAnswer>({
    name: 'take_call',
    text: 'SELECT * FROM take_call($1, $2, $3, $4, $5, $6, $7, $8)',
    values: [
      now,
      nip,
      limits?.readAt ?? null,
      CALL_PRESUMED_ANSWERED_MS,
      charges.map((charge) => charge.counter),
      windows.map((window) => window.counter),
      windows.map((window) => window.lengthMs + clockSkewMs),
      windows.map((window) => window.calls),
    ],
  });
  const [answer] = rows;
  if (answer === undefined) throw new Error('take_call answered nothing');
  return answer;
}

function callSlot(db: Db, slots: readonly string[], clock: () => Date): CallSlot {
  return {
    async answered() {
      await db.pool.query({
        name: 'answer_call',
        text: 'UPDATE call_slots SET answered_at = $2 WHERE id = ANY ($1::bigint[]) AND answered_at IS NULL',
        values: [slots, clock()],
      });
    },
  };
}

/** A 429 is a fault of ours: it is obeyed, and counted. */
async function penalize(db: Db, counter: string, until: Date): Promise<void> {
  await db.pool.query(
    `INSERT INTO call_penalties (counter, until) VALUES ($1, $2)
     ON CONFLICT (counter) DO UPDATE SET until = greatest(call_penalties.until, excluded.until)`,
    [counter, until],
  );
  await tally(db.pool, { rateLimited: 1 });
}
