import { configureGlobal } from 'fast-check';
import { inject } from 'vitest';

/**
 * Lets every property test of this file run from the test run's seed and returns it. A failing property prints it;
 * `WSAD_SEED=<seed>` brings the same run back.
 */
export function seeded(): number {
  const seed = inject('wsadSeed');
  configureGlobal({ seed });
  return seed;
}
