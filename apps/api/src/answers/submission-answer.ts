import type { SubmissionRecord, SubmissionSummary } from '@wsad/ledger';
import type { z } from 'zod';
import type { submission, submissionPage } from '../schemas/submission.ts';

export function submissionAnswer(record: SubmissionRecord): z.input<typeof submission> {
  return {
    ...submissionSummaryAnswer(record),
    sessions: record.sessions.map((session) => ({ ...session })),
  };
}

export function submissionSummaryAnswer(
  record: SubmissionSummary,
): z.input<typeof submissionPage>['items'][number] {
  const { id, nip, createdAt, total, refused, byState, done } = record;
  return { id, nip, createdAt: createdAt.toISOString(), total, refused, byState, done };
}
