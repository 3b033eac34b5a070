import { INVOICE_STATES, SESSION_STATES } from '@wsad/domain';
import { z } from 'zod';
import { instant, pageOf, pageQuery } from './common.ts';

export const byState = z
  .partialRecord(z.enum(INVOICE_STATES), z.int())
  .describe('how many are in each state');

const submissionFields = {
  id: z.string(),
  nip: z.string(),
  createdAt: instant,
  total: z.int().describe('accepted invoices'),
  refused: z.int(),
  byState,
  done: z.boolean().describe('true while every accepted invoice is cleared, rejected, withdrawn or held'),
};

export const submission = z
  .object({
    ...submissionFields,
    sessions: z.array(
      z.object({
        id: z.string(),
        kind: z.enum(['batch', 'interactive']),
        reference: z.string().nullable(),
        state: z.enum(SESSION_STATES),
        invoices: z.int().describe('how many invoices of this submission are in it'),
      }),
    ),
  })
  .meta({ id: 'Submission' });

export const submissionsQuery = pageQuery.extend({
  nip: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('entries per page'),
});
export const submissionPage = pageOf(z.object(submissionFields).meta({ id: 'SubmissionSummary' }));
