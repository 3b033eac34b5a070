import { z } from 'zod';
import { instant, nipParams } from './common.ts';

export const referenceParams = nipParams.extend({
  reference: z
    .string()
    .regex(/^(current|[0-9A-Z-]{1,100})$/, '"current", or the reference of an authentication session')
    .describe('reference of an authentication session, or "current"'),
});

export const authSessionList = z
  .object({
    fetchedAt: instant.describe('when KSeF named them'),
    items: z.array(
      z.object({
        reference: z.string(),
        current: z.boolean().describe('the one that wsad itself uses'),
        startedAt: instant,
        method: z.string().describe('how it was opened, in the words of KSeF'),
        status: z.object({ code: z.int(), description: z.string() }),
        refreshUntil: instant.nullable().describe('until when it can be renewed'),
      }),
    ),
  })
  .meta({ id: 'AuthSessionList' });

export const stillPending = z
  .object({ status: z.literal('pending') })
  .describe('not there yet: ask again after Retry-After seconds');

export const loginStarted = z.object({ status: z.string().describe('where the outcome is told') });
