/** What one run does, from its seed alone: who sends what when, and what goes wrong at which moment. Pure. */
import { makeNip, type Random, seededRandom } from '@wsad/samples';
import { kindNames, kindOf } from './fault-kinds.ts';
import type { PlannedFault } from './faults.ts';

export interface PlannedInvoice {
  readonly seed: number;
  /** Not an invoice at all: to be refused alone. */
  readonly bad: boolean;
}

export interface PlannedSubmission {
  readonly atMs: number;
  readonly invoices: readonly PlannedInvoice[];
  readonly offline: boolean;
  /** The same bytes are handed in once more, under another key. */
  readonly again: boolean;
}

export interface PlannedSeller {
  readonly nip: string;
  readonly login: 'token' | 'certificate';
  readonly submissions: readonly PlannedSubmission[];
}

export interface Plan {
  readonly seed: number;
  readonly queue: 'redis' | 'postgres';
  /** Each part in a process of its own, or all in one, as `npm start` runs them. */
  readonly shape: 'apart' | 'together';
  readonly workers: 1 | 2;
  readonly sellers: readonly PlannedSeller[];
  readonly faults: readonly PlannedFault[];
}

/** `quick` leaves out what takes half a minute by its nature, for runs that somebody waits for. */
export type Pace = 'quick' | 'whole';

/** How many kinds come together in a run. */
const FAULTS: Readonly<Record<Pace, number>> = { quick: 3, whole: 4 };
/** One for each of them. Primes, so that each goes through all kinds. */
const STRIDES = [1, 7, 13, 19];
const PLACE_SHIFT = 23;
const ROUND_SHIFT = 11;
const INVOICE_SEEDS = 1_000_000;

/** With `only` nothing else goes wrong than faults of these kinds. */
export function planOf(seed: number, pace: Pace, only: readonly string[] = []): Plan {
  const random = seededRandom(seed);
  const kinds = only.length > 0 ? only : chosenKinds(seed, pace);
  const needsRedis = kinds.some((name) => kindOf(name).needs === 'redis');
  const needsTwo = kinds.some((name) => kindOf(name).needs === 'two-workers');
  const shape = !needsTwo && random.chance(15) ? 'together' : 'apart';
  return {
    seed,
    queue: !needsRedis && random.chance(25) ? 'postgres' : 'redis',
    shape,
    workers: needsTwo || (shape === 'apart' && random.chance(40)) ? 2 : 1,
    sellers: sellersOf(random),
    faults: kinds.map((name) => ({ kind: name, ...kindOf(name).draw(random) })),
  };
}

/**
 * Seeds in a row go through all kinds in turn, at each place of the plan in another order, and each time in other
 * company: so all kinds come equally often.
 */
function chosenKinds(seed: number, pace: Pace): string[] {
  const names = kindNames.filter((name) => pace === 'whole' || kindOf(name).slow !== true);
  const round = Math.floor(seed / names.length);
  const strides = STRIDES.slice(0, FAULTS[pace]);
  const chosen = strides.map(
    (stride, place) => names[(seed * stride + place * (PLACE_SHIFT + round * ROUND_SHIFT)) % names.length],
  );
  return [...new Set(chosen.flatMap((name) => name ?? []))];
}

function sellersOf(random: Random): PlannedSeller[] {
  const batch = [submission(random, random.int(6, 18), 0)];
  const single = [submission(random, random.int(1, 5), random.int(0, 800))];
  const mixed = Array.from({ length: random.int(2, 4) }, () =>
    submission(random, random.pick([1, 2, 3, 7, 9]), random.int(0, 4_000)),
  );
  return [batch, single, mixed].map((submissions, place) => ({
    nip: makeNip(random),
    login: place === 2 ? 'certificate' : 'token',
    submissions,
  }));
}

function submission(random: Random, count: number, atMs: number): PlannedSubmission {
  const invoices = Array.from({ length: count }, () => ({ seed: random.int(1, INVOICE_SEEDS), bad: false }));
  const withBad = random.chance(20)
    ? [...invoices, { seed: random.int(1, INVOICE_SEEDS), bad: true }]
    : invoices;
  return { atMs, invoices: withBad, offline: random.chance(15), again: random.chance(15) };
}
