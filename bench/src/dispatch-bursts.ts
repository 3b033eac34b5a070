/**
 * The dispatch plan on bursts that may end at any moment: how much longer they wait than for whoever knows the end, at worst
 * over all ends, and how much longer they wait at worst under any plan that does not know it. As KSeF counts now: where closes share
 * the group of opens a minute holds so few sessions that it would have to be in the bound.
 */
import type { RateLimits } from '@wsad/domain';
import { unpromisedRatio } from './dispatch/burst-game.ts';
import { type Bursts, burstOf, burstsUnder, yardSeconds } from './dispatch/bursts.ts';
import { wsadsPlan } from './dispatch/policies.ts';
import { simulate } from './dispatch/simulate.ts';
import { BOUND_SECONDS_MIN, CLOSES_APART, meanSeconds } from './dispatch/yardstick.ts';
import { type Benchmark, type Figures, named } from './measure.ts';

/** More than the hour has batches: fewer can all go at once, and there is nothing to compare. */
const SMOKE_CALLS = 60;

export const dispatchBursts: Benchmark = {
  name: 'dispatch-bursts',
  what: 'bursts that end unforeseen: the worst distance to whoever knows the end, of wsad and of any plan at best',
  isSimulated: true,
  async run({ smoke = false } = {}) {
    const bursts = burstsUnder(CLOSES_APART, BOUND_SECONDS_MIN, smoke ? SMOKE_CALLS : undefined);
    return named('closesApart', overEnds(bursts, CLOSES_APART));
  },
};

function overEnds(bursts: Bursts, limits: RateLimits): Figures {
  const outcomes = bursts.ends.map((calls) => {
    const { waitsMs, refusedCalls } = simulate(burstOf(calls), wsadsPlan, () => limits);
    return { calls, refusedCalls, toKnowing: meanSeconds(waitsMs) / yardSeconds(calls, bursts) };
  });
  const worst = Math.max(...outcomes.map(({ toKnowing }) => toKnowing));
  const unknowing = unpromisedRatio(bursts);
  return {
    worstToKnowing: worst,
    worstAtCalls: outcomes.find(({ toKnowing }) => toKnowing === worst)?.calls ?? 0,
    anyPlanToKnowing: unknowing,
    toAnyPlan: worst / unknowing,
    callsOverLimit: outcomes.reduce((sum, { refusedCalls }) => sum + refusedCalls, 0),
  };
}
