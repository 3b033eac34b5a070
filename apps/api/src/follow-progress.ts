import { setTimeout as pause } from 'node:timers/promises';
import type { SubmissionRecord } from '@wsad/ledger';
import { submissionAnswer } from './answers/submission-answer.ts';
import { SSE_HEARTBEAT, sseEvent } from './sse.ts';

const LOOK_EVERY_MS = 500;
/** Proxies commonly close what is silent for half a minute. */
const SILENT_LOOKS_MAX = 30;

/** Events until every accepted invoice has come to rest, the reader is gone, or the server closes. */
export async function* followProgress(
  first: SubmissionRecord,
  look: () => Promise<SubmissionRecord | null>,
  everyMs: number = LOOK_EVERY_MS,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let told = '';
  let silentLooks = 0;
  for (let now: SubmissionRecord | null = first; now !== null; now = await look()) {
    const answer = submissionAnswer(now);
    const text = JSON.stringify(answer);
    if (text !== told) yield sseEvent('progress', answer);
    else if (silentLooks >= SILENT_LOOKS_MAX) yield SSE_HEARTBEAT;
    silentLooks = text !== told || silentLooks >= SILENT_LOOKS_MAX ? 0 : silentLooks + 1;
    told = text;
    if (now.done) {
      yield sseEvent('done', answer);
      return;
    }
    if (!(await paused(everyMs, signal))) return;
  }
}

/** False where the wait was broken off. */
async function paused(ms: number, signal: AbortSignal): Promise<boolean> {
  return await pause(ms, true, { signal }).catch(() => false);
}
