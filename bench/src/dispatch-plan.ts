/** The dispatch plan over arrival traces, in a simulated time: waiting and calls, against simple ways and lower bounds. */
import type { RateLimits } from '@wsad/domain';
import { atOnce, fixedWindow, wsadsPlan } from './dispatch/policies.ts';
import { withoutReserve } from './dispatch/prices.ts';
import { type Outcome, simulate } from './dispatch/simulate.ts';
import { HOUR_MS, shortened, steady, type Trace, traces } from './dispatch/traces.ts';
import {
  BOUND_SECONDS_MIN,
  CLOSES_APART,
  foreseenSeconds,
  fractions,
  LIMITS,
  meanSeconds,
  p99Seconds,
  unforeseenOf,
} from './dispatch/yardstick.ts';
import type { Benchmark, Figures, Plot } from './measure.ts';

const SEED = 20260201;
const POLICIES = [wsadsPlan, fixedWindow, atOnce];

/** Invoices an hour, for the plot. */
const LOADS = [15, 30, 60, 90, 120, 180, 240, 360, 600, 900];
const LOAD_HOURS = 3;

export const dispatchPlan: Benchmark = {
  name: 'dispatch-plan',
  what: 'seconds that invoices wait (mean, p99) over six arrival traces, sessions used, calls over the limit',
  isSimulated: true,
  async run({ smoke = false } = {}) {
    const figures: Record<string, number> = {};
    for (const [counting, limits] of Object.entries(LIMITS))
      for (const trace of traces(fractions(SEED)))
        Object.assign(
          figures,
          measured(`${counting}.${trace.name}`, smoke ? shortened(trace) : trace, limits),
        );
    for (const trace of traces(fractions(SEED)).filter(({ name }) => name === 'sixAMinute'))
      Object.assign(figures, whenLimitsChange(smoke ? shortened(trace) : trace));
    return { figures, plots: [waitingAgainstLoad(smoke ? LOADS.slice(0, 2) : LOADS)] };
  },
};

function measured(name: string, trace: Trace, limits: RateLimits): Figures {
  const outcomes = POLICIES.map((policy) => ({ policy, ...simulate(trace, policy, () => limits) }));
  const figures = outcomes.flatMap(({ policy, ...outcome }) =>
    Object.entries(figuresOf(outcome)).map(([figure, value]) => [`${name}.${policy.name}.${figure}`, value]),
  );
  const foreseen = foreseenSeconds(trace, limits);
  const unforeseen = unforeseenOf(trace, limits);
  const reserving = unforeseenOf(trace, withoutReserve(limits));
  const bound = Math.max(foreseen, unforeseen);
  const [ours = Number.NaN, fixed = Number.NaN] = outcomes.map(({ waitsMs }) => meanSeconds(waitsMs));
  return {
    ...Object.fromEntries(figures),
    [`${name}.bounds.foreseenSeconds`]: foreseen,
    ...(trace.random === undefined
      ? {}
      : {
          [`${name}.bounds.unforeseenSeconds`]: unforeseen,
          [`${name}.bounds.reservingSeconds`]: reserving,
        }),
    ...(bound < BOUND_SECONDS_MIN ? {} : { [`${name}.wsad.toLowerBound`]: ours / bound }),
    ...(reserving < BOUND_SECONDS_MIN ? {} : { [`${name}.wsad.toReserving`]: ours / reserving }),
    [`${name}.wsad.toFixedWindow`]: ours / fixed,
  };
}

/** Half as many calls, or twice as many, from the second hour on; wsad has read it by then. */
function whenLimitsChange(trace: Trace): Figures {
  const figures = Object.entries({ limitsHalved: 0.5, limitsDoubled: 2 }).flatMap(([name, times]) => {
    const then = scaled(CLOSES_APART, times);
    const outcome = simulate(trace, wsadsPlan, (atMs) => (atMs < 2 * HOUR_MS ? CLOSES_APART : then));
    return Object.entries(figuresOf(outcome)).map(([figure, value]) => [`${name}.wsad.${figure}`, value]);
  });
  return Object.fromEntries(figures);
}

function scaled(limits: RateLimits, times: number): RateLimits {
  const all = Object.entries(limits).map(([group, { perSecond, perMinute = 60, perHour = 3_600 }]) => [
    group,
    { perSecond, perMinute: perMinute * times, perHour: perHour * times },
  ]);
  return Object.fromEntries(all);
}

function waitingAgainstLoad(loads: readonly number[]): Plot {
  const random = fractions(SEED);
  const points = loads.map((perHour) => {
    const trace = steady(random, perHour, LOAD_HOURS);
    const waited = (policy: typeof wsadsPlan) =>
      meanSeconds(simulate(trace, policy, () => CLOSES_APART).waitsMs);
    return {
      wsad: waited(wsadsPlan),
      fixed: waited(fixedWindow),
      bound: foreseenSeconds(trace, CLOSES_APART),
    };
  });
  const series = (label: string, of: (point: (typeof points)[number]) => number) => {
    return { label, x: [...loads], y: points.map(of) };
  };
  return {
    kind: 'lines',
    name: 'waiting',
    title: 'Mean waiting time against load, one seller, single invoices at random',
    x: { label: 'invoices an hour', scale: 'log' },
    y: { label: 'seconds' },
    series: [
      series('wsad', ({ wsad }) => wsad),
      series('a fixed window of a minute', ({ fixed }) => fixed),
      series('bound, the future being known', ({ bound }) => bound),
    ],
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
