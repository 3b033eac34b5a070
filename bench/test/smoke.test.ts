/** Each benchmark still runs, as small as it can be, and hands back what latest.json and the plots are made of. */
import { describe, expect, it } from 'vitest';
import { BENCHMARKS } from '../src/benchmarks.ts';
import { measure } from '../src/measure.ts';
import { draw } from '../src/plots.ts';
import { measureInThread } from '../src/simulated.ts';

/** Some start a whole system, database and emulator included. */
const TIMEOUT_MS = 120_000;

describe('the smoke of every benchmark', () => {
  it.each(BENCHMARKS.map((benchmark) => [benchmark.name, benchmark] as const))(
    '%s',
    { timeout: TIMEOUT_MS },
    async (_, benchmark) => {
      const { figures, plots } = await measure(benchmark, { smoke: true });
      expect(Object.keys(figures)).not.toHaveLength(0);
      for (const plot of plots) expect(draw(plot)).toMatch(/^<svg .*<\/svg>\n$/s);
    },
  );

  it('comes to the same in a thread of its own, where it is in simulated time', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const simulated = BENCHMARKS.filter(({ isSimulated = false }) => isSimulated);
    expect(simulated.length).toBeGreaterThan(1);
    for (const benchmark of simulated)
      expect(await measureInThread(benchmark, { smoke: true })).toEqual(
        await measure(benchmark, { smoke: true }),
      );
  });

  it('bears names that differ', () => {
    const names = BENCHMARKS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
