/** However many look at the overview, it is read once a second for all who see the same, and more seldom where that costs. */
import { type OverviewAnswer, overviewAnswer } from './answers/overview-answer.ts';
import type { ApiDeps } from './deps.ts';

const FRESH_MS = 1_000;
/** Reading takes a tenth of the ledger's time at most. */
const PAUSE_PER_READING = 9;
const FORGOTTEN_AFTER_MS = 60_000;

interface Reading {
  readonly answer: Promise<OverviewAnswer>;
  readonly readAtMs: number;
  freshUntilMs: number;
}

export type ReadOverview = (nips: readonly string[] | null) => Promise<OverviewAnswer>;

export function overviewReadings(deps: Pick<ApiDeps, 'ledger' | 'clock' | 'queueAnswers'>): ReadOverview {
  const { ledger, clock } = deps;
  const readings = new Map<string, Reading>();
  const queueDownSince = downSince(deps.queueAnswers);
  const read = (key: string, nips: readonly string[] | null, nowMs: number): Reading => {
    const now = new Date(nowMs);
    const answer = Promise.all([ledger.overview(nips, now), queueDownSince(now)]).then(([seen, since]) =>
      overviewAnswer(seen, since, now),
    );
    const reading: Reading = { answer, readAtMs: nowMs, freshUntilMs: Number.POSITIVE_INFINITY };
    readings.set(key, reading);
    answer.then(
      () => {
        const doneAtMs = clock().getTime();
        reading.freshUntilMs = nowMs + Math.max(FRESH_MS, (doneAtMs - nowMs) * (PAUSE_PER_READING + 1));
      },
      () => {
        reading.freshUntilMs = 0;
      },
    );
    return reading;
  };
  return async (nips) => {
    const nowMs = clock().getTime();
    const key = nips === null ? 'all' : nips.join(' ');
    for (const [other, { readAtMs }] of readings)
      if (nowMs - readAtMs > FORGOTTEN_AFTER_MS) readings.delete(other);
    const known = readings.get(key);
    const fresh = known !== undefined && nowMs >= known.readAtMs && nowMs < known.freshUntilMs;
    return await (fresh ? known : read(key, nips, nowMs)).answer;
  };
}

/** Since when it was seen not to answer; null while it answers. */
function downSince(answers: () => Promise<boolean>): (now: Date) => Promise<Date | null> {
  let since: Date | null = null;
  return async (now) => {
    since = (await answers()) ? null : (since ?? now);
    return since;
  };
}
