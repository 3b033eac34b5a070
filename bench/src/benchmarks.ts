/** Every benchmark there is, in the order in which `npm run bench` runs them. */
import { checking } from './checking.ts';
import { dispatchPlan } from './dispatch-plan.ts';
import { endToEnd } from './end-to-end.ts';
import type { Benchmark } from './measure.ts';
import { packaging } from './packaging.ts';

export const BENCHMARKS: readonly Benchmark[] = [packaging, checking, dispatchPlan, endToEnd];
