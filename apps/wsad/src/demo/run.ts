/** The main job: everything is submitted, then looked at until every invoice has come to rest. */
import { setTimeout as pause } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { DemoCall } from './calls.ts';
import type { DemoClient, SubmissionState, SubmitAnswer } from './client.ts';
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
/** The end comes with a busy moment, which makes a look long, and it must not hide behind that: it is seen to within this. */
const PAUSE_MS_MAX = 60;
/** Before KSeF has it the end is not near: of the few that are at once sent and judged it is seen to within this. */
const PAUSE_UNSENT_MS = 100;
/** Counting ten thousand keeps PostgreSQL busy for 30 ms, which whatever is looked at would lack. */
const COUNT_EVERY_MS = 2_000;
const UNSENT = ['accepted', 'sending'];
const UNDER_WAY = [...UNSENT, 'processing'];
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
  answers: readonly SubmitAnswer[],
  startedAt: number,
  progress: Progress,
): Promise<Record<string, number>> {
  const limit = pLimit(PARALLEL_CALLS);
  const atRest: Record<string, number> = {};
  let waiting = answers;
  let countedAt = performance.now();
  // Nothing has come to rest yet, and what is done just now must not wait for being looked at.
  await pause(LOOK_EVERY_MS);
  while (waiting.length > 0) {
    const lookedAt = performance.now();
    if (lookedAt - startedAt > PATIENCE_MS) throw new Error('the invoices did not come to rest in time');
    const all = lookedAt - countedAt >= COUNT_EVERY_MS;
    if (all) countedAt = lookedAt;
    const looks = await Promise.all(
      waiting.map((answer) => limit(async () => ({ answer, look: await lookAt(client, answer, all) }))),
    );
    const now: Record<string, number> = {};
    for (const { look } of looks) addUp(look.counted?.done ? atRest : now, look.counted?.byState ?? {});
    const left = looks.filter(({ look }) => !look.counted?.done);
    waiting = left.map(({ answer }) => answer);
    addUp(now, atRest);
    if (all || waiting.length === 0) progress.states(now);
    const soon = left.some(({ look }) => !look.unsent);
    if (waiting.length > 0) await pause(soon ? pauseAfter(performance.now() - lookedAt) : PAUSE_UNSENT_MS);
  }
  return atRest;
}

function pauseAfter(lookMs: number): number {
  return Math.max(LOOK_EVERY_MS, Math.min(PAUSE_PER_LOOK * lookMs, PAUSE_MS_MAX));
}

interface Look {
  /** Its last invoice is not at KSeF yet. */
  readonly unsent: boolean;
  readonly counted: SubmissionState | null;
}

/** All invoices of a submission are counted only now and then, and once its last one is at rest. */
async function lookAt(
  client: DemoClient,
  { submissionId, invoices }: SubmitAnswer,
  all: boolean,
): Promise<Look> {
  const last = invoices.findLast(({ id }) => id !== null)?.id ?? null;
  const state = last === null ? null : await client.invoiceState(last);
  const unsent = state !== null && UNSENT.includes(state);
  if (!all && state !== null && UNDER_WAY.includes(state)) return { unsent, counted: null };
  return { unsent, counted: await client.submission(submissionId) };
}

function addUp(into: Record<string, number>, byState: Readonly<Record<string, number>>): void {
  for (const [state, count] of Object.entries(byState)) into[state] = (into[state] ?? 0) + count;
}
