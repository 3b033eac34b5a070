import type { SubmissionRecord } from '@wsad/ledger';
import { submissionAnswer } from './answers/submission-answer.ts';
import { type Following, followChanges } from './follow-changes.ts';
import { SSE_HEARTBEAT, sseEvent } from './sse.ts';

/** Events until every accepted invoice has come to rest, the reader is gone, or the server closes. */
export async function* followProgress(
  first: SubmissionRecord,
  look: () => Promise<SubmissionRecord | null>,
  following: Following,
): AsyncGenerator<string> {
  let known: SubmissionRecord | null = first;
  const lookOn = async (): Promise<SubmissionRecord | null> => {
    const now = known ?? (await look());
    known = null;
    return now;
  };
  for await (const record of followChanges(lookOn, JSON.stringify, following)) {
    if (record === null) {
      yield SSE_HEARTBEAT;
      continue;
    }
    const answer = submissionAnswer(record);
    yield sseEvent('progress', answer);
    if (!record.done) continue;
    yield sseEvent('done', answer);
    return;
  }
}
