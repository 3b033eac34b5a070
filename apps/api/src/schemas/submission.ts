import { INVOICE_STATES, SESSION_STATES } from '@wsad/domain';
import { z } from 'zod';
import { instant } from './common.ts';

export const byState = z
  .partialRecord(z.enum(INVOICE_STATES), z.int())
  .describe('how many are in each state');

export const submission = z
  .object({
    id: z.string(),
    nip: z.string(),
    createdAt: instant,
    total: z.int().describe('accepted invoices'),
    refused: z.int(),
    byState,
    done: z.boolean().describe('true while every accepted invoice is cleared, rejected, withdrawn or held'),
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
