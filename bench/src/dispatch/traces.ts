/** Arrival traces that the dispatch plan is measured on: who hands in how many invoices, and when. Seeded. */

/** One call to the API: `invoices` of one seller at once. */
export interface Arrival {
  readonly atMs: number;
  readonly seller: number;
  readonly invoices: number;
  readonly urgent: boolean;
}

/** Single invoices that come at random (Poisson). */
export interface RandomCalls {
  readonly lengthMs: number;
  /** Invoices to expect per ms. */
  rateAt(atMs: number): number;
}

export interface Trace {
  readonly name: string;
  readonly what: string;
  /** Traffic that the budget easily covers: there the plan should hardly wait at all. */
  readonly light: boolean;
  readonly arrivals: readonly Arrival[];
  /** Whether it is another one from another seed. */
  readonly seeded: boolean;
  /** Where single invoices come at random: how many are to be expected. */
  readonly random?: RandomCalls;
}

const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** More than five for one seller on the first of the month, and more than one session holds for a few. */
const WAVE_SELLERS = 5_000;

/** Calls of a burst: more than five, so that each makes a batch, as fast as a minute's window allows. */
export const BURST_CALL_INVOICES = 6;
export const BURST_GAP_MS = 3_100;

const SMOKE_ARRIVALS = 20;
const SMOKE_MS = 10 * MINUTE_MS;

/** For a smoke, the first calls alone: enough to see that it comes to an end. */
export function shortened({ random, ...trace }: Trace): Trace {
  const arrivals = trace.arrivals.slice(0, SMOKE_ARRIVALS);
  return { ...trace, arrivals, ...(random && { random: { ...random, lengthMs: SMOKE_MS } }) };
}

export function traces(random: () => number): Trace[] {
  return [
    every('oneAnHour', 'one invoice an hour for a day', true, HOUR_MS, DAY_MS),
    every('sixAMinute', 'an invoice every ten seconds for four hours', false, 10_000, 4 * HOUR_MS),
    poisson(random),
    shopDay(random),
    wave(random),
    adversarial(),
  ];
}

function every(name: string, what: string, light: boolean, stepMs: number, lengthMs: number): Trace {
  const arrivals = Array.from({ length: Math.floor(lengthMs / stepMs) }, (_, index) => one(index * stepMs));
  return { name, what, light, arrivals, seeded: false };
}

function one(atMs: number): Arrival {
  return { atMs, seller: 0, invoices: 1, urgent: false };
}

function poisson(random: () => number): Trace {
  return atRandom(random, 'poisson', 'two invoices a minute on average, at random, for six hours', {
    lengthMs: 6 * HOUR_MS,
    rateAt: () => 2 / MINUTE_MS,
  });
}

/** For the plot: so many invoices an hour at random. */
export function steady(random: () => number, perHour: number, hours: number): Trace {
  return atRandom(random, `${perHour}AnHour`, `${perHour} invoices an hour on average, at random`, {
    lengthMs: hours * HOUR_MS,
    rateAt: () => perHour / HOUR_MS,
  });
}

/** A quiet night, a morning and an evening peak. One order is one invoice. */
function shopDay(random: () => number): Trace {
  const perHour = (atMs: number) => {
    const hour = atMs / HOUR_MS;
    const peak = (at: number, height: number) => height * Math.exp(-((hour - at) ** 2) / 3);
    return 4 + peak(11, 110) + peak(20, 240);
  };
  const what = "a shop's day: quiet at night, 110 invoices an hour before noon, 240 in the evening";
  return atRandom(random, 'shopDay', what, {
    lengthMs: DAY_MS,
    rateAt: (atMs) => perHour(atMs) / HOUR_MS,
  });
}

/** The first of the month: every seller bills within twenty minutes, most a few invoices, some thousands. */
function wave(random: () => number): Trace {
  const arrivals = Array.from({ length: WAVE_SELLERS }, (_, seller) => ({
    atMs: Math.floor(random() * 20 * MINUTE_MS),
    seller,
    invoices: Math.min(10_000, Math.ceil(2 * (1 - random()) ** -1.1)),
    urgent: false,
  }));
  return {
    name: 'monthEnd',
    what: `${WAVE_SELLERS} sellers bill within twenty minutes, once each`,
    light: true,
    seeded: true,
    arrivals: arrivals.sort((left, right) => left.atMs - right.atMs),
  };
}

/**
 * Made against greed: batches of six as fast as the minute's window allows until the hour is spent, then single invoices,
 * an urgent one every ten minutes, and the same again as soon as the first places come back.
 */
function adversarial(): Trace {
  const arrivals: Arrival[] = [];
  for (let hour = 0; hour < 4; hour += 1) {
    const from = hour * HOUR_MS;
    for (let index = 0; index < 60; index += 1)
      arrivals.push({ ...one(from + index * BURST_GAP_MS), invoices: BURST_CALL_INVOICES });
    for (let atMs = 4 * MINUTE_MS; atMs < HOUR_MS; atMs += 17_000) arrivals.push(one(from + atMs));
    for (let atMs = 7 * MINUTE_MS; atMs < HOUR_MS; atMs += 10 * MINUTE_MS)
      arrivals.push({ ...one(from + atMs), urgent: true });
  }
  return {
    name: 'adversarial',
    what: 'bursts that spend the hour at its beginning, then single and urgent invoices, four hours',
    light: false,
    seeded: false,
    arrivals: arrivals.sort((left, right) => left.atMs - right.atMs),
  };
}

function atRandom(random: () => number, name: string, what: string, calls: RandomCalls): Trace {
  const arrivals = drawn(random, calls).map(one);
  return { name, what, light: false, arrivals, seeded: true, random: calls };
}

/** When they come: a Poisson process whose rate changes with time, as thinning of the fastest one. */
export function drawn(random: () => number, { lengthMs, rateAt }: RandomCalls): number[] {
  const samples = Array.from({ length: 1_000 }, (_, index) => rateAt((index * lengthMs) / 1_000));
  const fastest = Math.max(...samples);
  const comeAtMs: number[] = [];
  for (let atMs = 0; ; ) {
    atMs += -Math.log(1 - random()) / fastest;
    if (atMs >= lengthMs) return comeAtMs;
    if (random() * fastest < rateAt(atMs)) comeAtMs.push(Math.round(atMs));
  }
}
