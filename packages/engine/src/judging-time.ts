/** What KSeF takes to judge sessions of about one size: a running mean and how far off it is, as networks estimate round trips. */
export interface JudgingTime {
  readonly meanMs: number;
  /** Mean distance from the mean. */
  readonly spreadMs: number;
}

/** The share that the newest session has in what is believed. */
const NEWEST = 0.25;

/** What took longer than so many times the mean counts as this: most likely nobody looked in time. */
const TIMES_MEAN_MAX = 3;

export function withJudged(known: JudgingTime | null, tookMs: number): JudgingTime {
  if (known === null) return { meanMs: tookMs, spreadMs: tookMs / 4 };
  const offMs = Math.min(tookMs, TIMES_MEAN_MAX * known.meanMs) - known.meanMs;
  return {
    meanMs: known.meanMs + NEWEST * offMs,
    spreadMs: known.spreadMs + NEWEST * (Math.abs(offMs) - known.spreadMs),
  };
}

/** No verdict is looked for sooner after closing. */
const FROM_MS_MIN = 40;
/** Looks come apart: what is known is no more exact than this. */
const EXACT_MS = 50;

/** Hardly any verdict comes sooner after closing. Who found one at this moment learns that it may have come sooner. */
export function usualFromMs({ meanMs, spreadMs }: JudgingTime): number {
  return Math.max(FROM_MS_MIN, meanMs - Math.max(2 * spreadMs, EXACT_MS));
}

/** Hardly any comes later. */
export function usualUntilMs({ meanMs, spreadMs }: JudgingTime): number {
  return meanMs + Math.max(4 * spreadMs, EXACT_MS);
}
