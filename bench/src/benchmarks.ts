/** Every benchmark there is, in the order in which `npm run bench` runs them. */
import { accepting } from './accepting.ts';
import { checking } from './checking.ts';
import { dispatchBursts } from './dispatch-bursts.ts';
import { dispatchPlan } from './dispatch-plan.ts';
import { dispatchSeeds } from './dispatch-seeds.ts';
import { endToEnd } from './end-to-end.ts';
import { fairness } from './fairness.ts';
import { history } from './history.ts';
import { manySellers } from './many-sellers.ts';
import type { Benchmark } from './measure.ts';
import { memory } from './memory.ts';
import { packaging } from './packaging.ts';
import { peerUpload } from './peer-upload.ts';

export const BENCHMARKS: readonly Benchmark[] = [
  packaging,
  memory,
  checking,
  accepting,
  dispatchPlan,
  dispatchSeeds,
  dispatchBursts,
  history,
  endToEnd,
  peerUpload,
  manySellers,
  fairness,
];
