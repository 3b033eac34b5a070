import { setTimeout as delay } from 'node:timers/promises';
import {
  CALL_PRESUMED_ANSWERED_MS,
  type CallSlot,
  type Charge,
  chargesFor,
  type EmitEvent,
  type KsefOperation,
  LimitReached,
  type Pacer,
} from '@wsad/domain';
import { type Db, ignore } from './db.ts';
import { type GatedCalls, gatedCalls, type Passing } from './gated-calls.ts';
import { gathered } from './gather.ts';
import { kept } from './kept-plans.ts';
import { type KnownLooks, knownLooks } from './looks.ts';
import { distrustRateLimits, type LimitsInForce, rateLimits } from './rate-limits.ts';
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
  /** Told when KSeF goes away and comes back. */
  readonly emit?: EmitEvent;
}

const MAX_WAIT_MS = 2000;
const CLOCK_SKEW_MS = 50;
/** An answer is waited for so long to be written down, by the machine's time: as long as the ledger is stalled. */
const WRITING_MS_MAX = 1000;
/** More sellers than this and the limits are simply read again. */
const REMEMBERED_SELLERS_MAX = 10_000;

/**
 * The pacer of all processes that share this database. A place is taken in every window a call counts in, in one
 * round trip, before the call is made; where none is free it waits a little, else it throws LimitReached. The same
 * round trip looks at the gates: only where one is troubled is it asked, and told how the call ended.
 */
export function pacer(db: Db, options: PacerOptions): Pacer {
  const { egress = db.egress, clock, emit = ignore } = options;
  const remembered = new Map<string, LimitsInForce | null>();
  const gated = gatedCalls(db, egress, emit);
  const looks = knownLooks(db, clock);
  const pacing: Pacing = { db, egress, options, remembered, gated, looks };
  const answer = gathered((answers: readonly Answered[]) => writeAnswered(db, answers));
  const unwritten = new Map<string | null, Promise<void>>();
  return {
    async take(operation, nip) {
      const giveUpAt = clock().getTime() + (options.maxWaitMs ?? MAX_WAIT_MS);
      await writtenSoon(unwritten.get(nip));
      const { slots, passing } = await takePlace(pacing, operation, nip, giveUpAt);
      return {
        // A place counts as taken until its answer is written down, so only the next call for the seller waits for that.
        async answered(byKsef = true) {
          const written = answer({ slots, at: clock() });
          if (!passing.watched && byKsef !== false) {
            const failed = (message: string) => emit({ type: 'ksef.unwritten', operation, nip, message });
            return keepUntilDone(unwritten, nip, written, failed);
          }
          await written;
          await gated.end(passing, nip, byKsef, clock());
        },
      } satisfies CallSlot;
    },
    async refused(operation, nip, until) {
      const limits = await limitsOf(db, nip, remembered);
      const [charge] = countersOf(operation, nip, egress, limits);
      if (charge !== undefined) await penalize(db, charge.counter, until);
      if (nip !== null) await distrustRateLimits(db, nip);
    },
    looksLeft: looks.of,
  };
}

/** One that fails leaves its place to be presumed answered later. */
function keepUntilDone<Key>(
  kept: Map<Key, Promise<void>>,
  key: Key,
  work: Promise<void>,
  failed: (message: string) => void,
): void {
  const done = work
    .catch((error: unknown) => failed(error instanceof Error ? error.message : String(error)))
    .finally(() => {
      if (kept.get(key) === done) kept.delete(key);
    });
  kept.set(key, done);
}

/** What is not written down by then is still counted as under way, which is on the safe side. */
async function writtenSoon(writing: Promise<void> | undefined): Promise<void> {
  if (writing === undefined) return;
  const late = new AbortController();
  const given = delay(WRITING_MS_MAX, undefined, { signal: late.signal }).catch(() => undefined);
  await Promise.race([writing, given]);
  late.abort();
}

interface Pacing {
  readonly db: Db;
  readonly egress: string;
  readonly options: PacerOptions;
  readonly remembered: Map<string, LimitsInForce | null>;
  readonly gated: GatedCalls;
  readonly looks: KnownLooks;
}

/** Through the gates, then into the windows; a probe that finds no place is left to somebody else. */
async function takePlace(
  pacing: Pacing,
  operation: KsefOperation,
  nip: string | null,
  giveUpAt: number,
): Promise<{ slots: string[]; passing: Passing }> {
  const { options, remembered, gated } = pacing;
  const { clock, wait } = options;
  let passing = gated.begin(nip, clock());
  const waitFor = async (at: Date, what: string): Promise<void> => {
    if (at.getTime() > giveUpAt) throw new LimitReached(at, what);
    await wait(Math.max(1, at.getTime() - clock().getTime()));
  };
  try {
    for (;;) {
      const answer = await tryToTake(pacing, operation, nip, passing.watched ? [] : passing.keys);
      if (answer.outcome === 'taken') return { slots: answer.slots, passing };
      if (answer.outcome === 'stale') remembered.delete(nip ?? '');
      else if (answer.outcome === 'full') await waitFor(answer.free_at, answer.in_the_way);
      else {
        const asked = await gated.ask(passing, clock());
        if ('rampUntil' in asked) await waitFor(asked.rampUntil, 'calls after an outage');
        else passing = asked;
      }
    }
  } catch (error) {
    if (passing.probed.size > 0) await gated.end(passing, nip, null, clock());
    throw error;
  }
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

export function countersOf(
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

type TakeAnswer = { spare?: boolean } & (
  | { outcome: 'taken'; slots: string[] }
  | { outcome: 'stale' | 'gated' }
  | { outcome: 'full'; free_at: Date; in_the_way: string }
);

const TAKE = kept(
  'SELECT outcome, free_at, in_the_way, slots FROM take_call_through_gates($1, $2, $3, $4, $5, $6, $7, $8, $9)',
);
/** Also whether less than half was used before, of each window of a minute or more. */
const TAKE_AND_TELL = kept(`SELECT outcome, free_at, in_the_way, slots, NOT EXISTS (
      SELECT FROM unnest($7::text[], $8::int[], $9::int[]) AS span (counter, ms, calls) CROSS JOIN LATERAL (
        SELECT FROM call_slots WHERE call_slots.counter = span.counter
          AND answered_at > $2::timestamptz - span.ms * interval '1 ms'
        OFFSET (greatest(span.calls, 1) - 1) / 2 LIMIT 1
      ) AS half
      WHERE span.ms >= 60000
    ) AS spare
    FROM take_call_through_gates($1, $2, $3, $4, $5, $6, $7, $8, $9) AS taken`);

/** What KSeF counts as the beginning of a session. */
const BEGINNINGS = ['openBatch', 'openOnline'] as const;

async function tryToTake(
  { db, egress, options, remembered, looks }: Pacing,
  operation: KsefOperation,
  nip: string | null,
  gates: readonly string[],
): Promise<TakeAnswer> {
  const { clock, clockSkewMs = CLOCK_SKEW_MS } = options;
  const limits = await limitsOf(db, nip, remembered);
  const charges = countersOf(operation, nip, egress, limits);
  const windows = charges.flatMap(({ counter, windows }) =>
    windows.map((window) => ({ counter, ...window })),
  );
  const { rows } = await db.pool.query<TakeAnswer>(operation === 'sessionStatus' ? TAKE_AND_TELL : TAKE, [
    gates,
    clock(),
    nip,
    limits?.readAt ?? null,
    CALL_PRESUMED_ANSWERED_MS,
    charges.map((charge) => charge.counter),
    windows.map((window) => window.counter),
    windows.map((window) => window.lengthMs + clockSkewMs),
    windows.map((window) => window.calls),
  ]);
  const [answer] = rows;
  if (answer === undefined) throw new Error('take_call answered nothing');
  if (nip !== null && answer.spare !== undefined)
    await looks.note(nip, answer.spare, () => ({
      looks: charges,
      opens: BEGINNINGS.flatMap((begin) => countersOf(begin, nip, egress, limits).slice(0, 1)),
    }));
  return answer;
}

interface Answered {
  readonly slots: readonly string[];
  readonly at: Date;
}

async function writeAnswered(db: Db, answers: readonly Answered[]): Promise<void> {
  await db.pool.query(
    kept(`UPDATE call_slots SET answered_at = ($2::timestamptz[])[array_position($1::bigint[], id)]
      WHERE id = ANY ($1::bigint[]) AND answered_at IS NULL`),
    [answers.flatMap(({ slots }) => slots), answers.flatMap(({ slots, at }) => slots.map(() => at))],
  );
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
