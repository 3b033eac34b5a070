const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * How long to wait before the next try of a job that broke, in ms: 0.5 s doubling to 30 s, of which the upper half is
 * left to chance, so that jobs that broke together do not come back together. `random` answers [0, 1).
 */
export function backoffMs(attemptsMade: number, random: () => number): number {
  const fullMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, attemptsMade - 1));
  return Math.round(fullMs / 2 + (fullMs / 2) * random());
}
