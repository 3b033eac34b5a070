/** The dispatch plan over arrival traces, in a simulated time: waiting and calls, against simple ways and a lower bound. */
import { DOCUMENTED_RATE_LIMITS, type RateLimits } from '@wsad/domain';
import { seededRandom } from '@wsad/samples';
import { lowerBoundSeconds } from './dispatch/lower-bound.ts';
import { atOnce, fixedWindow, wsadsPlan } from './dispatch/policies.ts';
import { type Outcome, simulate } from './dispatch/simulate.ts';
import { type Trace, traces } from './dispatch/traces.ts';
import type { Benchmark, Figures } from './measure.ts';

const SEED = 20260201;
const SMOKE_ARRIVALS = 20;
const POLICIES = [wsadsPlan, fixedWindow, atOnce];
/** A bound of less than this is no measure: lingering for neighbours alone takes a quarter of a second. */
const BOUND_SECONDS_MIN = 1;

/** As KSeF has counted since 2.8.0, and as before, when closing a session took a place from opening one. */
const LIMITS: Readonly<Record<string, RateLimits>> = {
  closesApart: {
    ...DOCUMENTED_RATE_LIMITS,
    batchSessionClose: { perSecond: 20, perMinute: 40, perHour: 120 },
    onlineSessionClose: { perSecond: 20, perMinute: 60, perHour: 240 },
  },
  closesShared: DOCUMENTED_RATE_LIMITS,
};

export const dispatchPlan: Benchmark = {
  name: 'dispatch-plan',
  what: 'seconds that invoices wait (mean, p99) over six arrival traces, sessions used, calls over the limit',
  async run({ smoke = false } = {}) {
    const figures: Record<string, number> = {};
    for (const [counting, limits] of Object.entries(LIMITS)) {
      const { int } = seededRandom(SEED);
      for (const trace of traces(() => int(0, 2 ** 31 - 1) / 2 ** 31))
        Object.assign(
          figures,
          measured(`${counting}.${trace.name}`, smoke ? shortened(trace) : trace, limits),
        );
    }
    return figures;
  },
};

/** The first calls alone: enough to see that it comes to an end. */
function shortened(trace: Trace): Trace {
  return { ...trace, arrivals: trace.arrivals.slice(0, SMOKE_ARRIVALS) };
}

function measured(name: string, trace: Trace, limits: RateLimits): Figures {
  const outcomes = POLICIES.map((policy) => ({ policy, ...simulate(trace, policy, () => limits) }));
  const figures = outcomes.flatMap(({ policy, ...outcome }) =>
    Object.entries(figuresOf(outcome)).map(([figure, value]) => [`${name}.${policy.name}.${figure}`, value]),
  );
  const bound = boundOf(trace, limits);
  const [ours = Number.NaN, fixed = Number.NaN] = outcomes.map(({ waitsMs }) => meanSeconds(waitsMs));
  return {
    ...Object.fromEntries(figures),
    ...(bound < BOUND_SECONDS_MIN ? {} : { [`${name}.toLowerBound`]: ours / bound }),
    [`${name}.lowerBoundSeconds`]: bound,
    [`${name}.toFixedWindow`]: ours / fixed,
  };
}

function figuresOf({ waitsMs, urgentWaitsMs, sessions, refusedCalls }: Outcome): Figures {
  return {
    meanSeconds: meanSeconds(waitsMs),
    p99Seconds: p99Seconds(waitsMs),
    ...(urgentWaitsMs.length === 0 ? {} : { urgentMeanSeconds: meanSeconds(urgentWaitsMs) }),
    sessions,
    callsOverLimit: refusedCalls,
  };
}

/** The bound of each seller by itself; they share nothing but logins, which the bound leaves out. */
function boundOf(trace: Trace, limits: RateLimits): number {
  const bySeller = Map.groupBy(trace.arrivals, ({ seller }) => seller);
  let seconds = 0;
  let invoices = 0;
  for (const arrivals of bySeller.values()) {
    const count = arrivals.reduce((sum, arrival) => sum + arrival.invoices, 0);
    // A single call has nothing to wait for.
    if (arrivals.length > 1) seconds += lowerBoundSeconds(arrivals, limits) * count;
    invoices += count;
  }
  return seconds / invoices;
}

function meanSeconds(waitsMs: readonly number[]): number {
  return waitsMs.reduce((sum, ms) => sum + ms, 0) / waitsMs.length / 1_000;
}

function p99Seconds(waitsMs: readonly number[]): number {
  const sorted = [...waitsMs].sort((left, right) => left - right);
  return (sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN) / 1_000;
}
