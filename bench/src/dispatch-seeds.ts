/**
 * The dispatch plan over the same traces from other seeds than it was tuned on: each trace's distance to the lower bound, on
 * average and at worst, and whether any call went over a limit. Traces that are the same from every seed are shaken.
 */
import { wsadsPlan } from './dispatch/policies.ts';
import { simulate } from './dispatch/simulate.ts';
import { shortened, type Trace, traces } from './dispatch/traces.ts';
import {
  BOUND_SECONDS_MIN,
  CLOSES_APART,
  foreseenSeconds,
  fractions,
  meanSeconds,
  p99Seconds,
  unforeseenOf,
} from './dispatch/yardstick.ts';
import { type Benchmark, type Figures, named } from './measure.ts';

/** Chosen before any of them was run, and never to be tuned on. */
const SEEDS = [1, 2, 3, 4, 5];
/** How far a call is moved, at most, where the seed would change nothing. */
const SHAKEN_MS = 10_000;

export const dispatchSeeds: Benchmark = {
  name: 'dispatch-seeds',
  what: 'the dispatch plan over the traces of five other seeds: distance to the lower bound, calls over the limit',
  isSimulated: true,
  async run({ smoke = false } = {}) {
    const seeds = smoke ? SEEDS.slice(0, 1) : SEEDS;
    const runs = seeds.flatMap((seed) => tracesOf(seed).map((trace) => (smoke ? shortened(trace) : trace)));
    const figures: Record<string, number> = {};
    for (const [name, of] of Map.groupBy(runs, (trace) => trace.name))
      Object.assign(figures, named(name, overSeeds(of)));
    return figures;
  },
};

function tracesOf(seed: number): Trace[] {
  const random = fractions(seed);
  return traces(random).map((trace) => (trace.seeded ? trace : shaken(trace, random)));
}

function shaken(trace: Trace, random: () => number): Trace {
  const arrivals = trace.arrivals
    .map((arrival) => ({ ...arrival, atMs: arrival.atMs + Math.floor(random() * SHAKEN_MS) }))
    .sort((left, right) => left.atMs - right.atMs);
  return { ...trace, arrivals };
}

/** By the limits as KSeF counts now. */
function overSeeds(of: readonly Trace[]): Figures {
  const [unforeseen = 0] = of.slice(0, 1).map((trace) => unforeseenOf(trace, CLOSES_APART));
  const outcomes = of.map((trace) => {
    const { waitsMs, refusedCalls } = simulate(trace, wsadsPlan, () => CLOSES_APART);
    const seconds = meanSeconds(waitsMs);
    const bound = Math.max(foreseenSeconds(trace, CLOSES_APART), unforeseen);
    return { seconds, p99Seconds: p99Seconds(waitsMs), refusedCalls, bound, toBound: seconds / bound };
  });
  const measurable = outcomes.filter(({ bound }) => bound >= BOUND_SECONDS_MIN);
  return {
    meanSeconds: mean(outcomes.map(({ seconds }) => seconds)),
    worstMeanSeconds: Math.max(...outcomes.map(({ seconds }) => seconds)),
    worstP99Seconds: Math.max(...outcomes.map((outcome) => outcome.p99Seconds)),
    ...(measurable.length === 0
      ? {}
      : {
          meanToLowerBound: mean(measurable.map(({ toBound }) => toBound)),
          worstToLowerBound: Math.max(...measurable.map(({ toBound }) => toBound)),
        }),
    callsOverLimit: outcomes.reduce((sum, { refusedCalls }) => sum + refusedCalls, 0),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
