/** One benchmark: named figures, and ratios between things that were measured in the same run. */
export interface Figures {
  readonly [figure: string]: number;
}

export interface Benchmark {
  readonly name: string;
  readonly what: string;
  run(): Promise<Figures>;
}

/** Best of a few rounds that take turns, so that a busy moment hits all alike. Milliseconds by name. */
export async function bestOf(
  rounds: number,
  work: Readonly<Record<string, () => Promise<unknown> | unknown>>,
): Promise<Record<string, number>> {
  const best: Record<string, number> = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(work)) {
      const startedAt = performance.now();
      await run();
      const elapsedMs = performance.now() - startedAt;
      best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, elapsedMs);
    }
  }
  return best;
}

export function rounded(figures: Figures): Figures {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, Number(value.toPrecision(3))]),
  );
}
