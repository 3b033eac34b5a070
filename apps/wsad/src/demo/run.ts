/** The main job: everything is submitted, then looked at until every invoice has come to rest. */
import { setTimeout as pause } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { DemoCall } from './calls.ts';
import type { DemoClient } from './client.ts';
import type { Progress } from './progress.ts';

export interface DemoRun {
  /** First byte of the first submission to the last 202. */
  readonly acceptedMs: number;
  /** First byte of the first submission to the last UPO stored. */
  readonly elapsedMs: number;
  readonly accepted: number;
  readonly refused: number;
  readonly byState: Readonly<Record<string, number>>;
}

const PARALLEL_CALLS = 4;
const LOOK_EVERY_MS = 40;
/** Looking must not cost what is looked at: at least so many times as long as the last look is waited. */
const PAUSE_PER_LOOK = 5;
/** A look that a busy moment made long must not hide the end: it is seen to within this. */
const PAUSE_MS_MAX = 150;
const PATIENCE_MS = 600_000;

export async function runDemo(
  client: DemoClient,
  calls: readonly DemoCall[],
  progress: Progress,
): Promise<DemoRun> {
  const limit = pLimit(PARALLEL_CALLS);
  const startedAt = performance.now();
  const answers = await Promise.all(
    calls.map(({ submit }) =>
      limit(async () => {
        const answer = await submit(client);
        progress.accepted(answer.accepted);
        return answer;
      }),
    ),
  );
  const acceptedMs = performance.now() - startedAt;
  const byState = await restOf(client, answers, startedAt, progress);
  return {
    acceptedMs: Math.round(acceptedMs),
    elapsedMs: Math.round(performance.now() - startedAt),
    accepted: answers.reduce((sum, answer) => sum + answer.accepted, 0),
    refused: answers.reduce((sum, answer) => sum + answer.refused, 0),
    byState,
  };
}

/** Looks at what is not at rest yet, again and again; answers how many invoices ended in which state. */
async function restOf(
  client: DemoClient,
  answers: readonly { submissionId: string }[],
  startedAt: number,
  progress: Progress,
): Promise<Record<string, number>> {
  const limit = pLimit(PARALLEL_CALLS);
  const atRest: Record<string, number> = {};
  let waiting = answers.map(({ submissionId }) => submissionId);
  while (waiting.length > 0) {
    if (performance.now() - startedAt > PATIENCE_MS)
      throw new Error('the invoices did not come to rest in time');
    const lookedAt = performance.now();
    const looks = await Promise.all(
      waiting.map((id) => limit(async () => ({ id, state: await client.submission(id) }))),
    );
    const now: Record<string, number> = {};
    for (const { state } of looks) addUp(state.done ? atRest : now, state.byState);
    waiting = looks.filter(({ state }) => !state.done).map(({ id }) => id);
    addUp(now, atRest);
    progress.states(now);
    const lookMs = performance.now() - lookedAt;
    const pauseMs = Math.max(LOOK_EVERY_MS, Math.min(PAUSE_PER_LOOK * lookMs, PAUSE_MS_MAX));
    if (waiting.length > 0) await pause(pauseMs);
  }
  return atRest;
}

function addUp(into: Record<string, number>, byState: Readonly<Record<string, number>>): void {
  for (const [state, count] of Object.entries(byState)) into[state] = (into[state] ?? 0) + count;
}
