import type { SubmissionRecord } from '@wsad/ledger';
import type { z } from 'zod';
import type { submission } from '../schemas/submission.ts';

export function submissionAnswer(record: SubmissionRecord): z.input<typeof submission> {
  const { id, nip, createdAt, total, refused, byState, done, sessions } = record;
  return {
    ...{ id, nip, createdAt: createdAt.toISOString(), total, refused, byState, done },
    sessions: sessions.map((session) => ({ ...session })),
  };
}
