import { HOLD_ACTIONS, HOLD_CAUSES, type HoldCause } from '@wsad/domain';
import { z } from 'zod';
import { instant, pageOf, pageQuery } from './common.ts';

const causes = Object.keys(HOLD_CAUSES) as [HoldCause, ...HoldCause[]];
export const holdCause = z.enum(causes).describe('why they are held');

export const heldChoice = z
  .union([
    z.object({ ids: z.array(z.string()).min(1).max(1000) }).strict(),
    z.object({ nip: z.string(), holdCause }).strict(),
  ])
  .describe('the invoices named, or those of a seller that one cause holds, 1,000 at a time')
  .meta({ id: 'HeldChoice' });

export const bulkResult = z
  .object({
    done: z.int().describe('how many it was done to'),
    refused: z
      .array(z.object({ id: z.string(), code: z.enum(['NOT_FOUND', 'NOT_HELD', 'PAYLOAD_DAMAGED']) }))
      .describe(
        'those named that there are none of, or that are not held; to be retried, those still damaged',
      ),
    more: z.boolean().describe('the cause holds more: call again'),
  })
  .meta({ id: 'BulkResult' });

export const heldQuery = pageQuery.extend({ nip: z.string().optional() });

export const heldGroupPage = pageOf(
  z
    .object({
      nip: z.string(),
      holdCause,
      holdDetail: z
        .string()
        .nullable()
        .describe(
          'what all of them say beside the cause, often in the words of KSeF; null where they differ',
        ),
      invoices: z.int(),
      oldestAt: instant.describe('since when the first of them has been held'),
      action: z
        .enum(Object.values(HOLD_ACTIONS))
        .describe(
          'what helps: retry or resolve the invoices, or put credentials, grant permissions or consent, and they go on',
        ),
      advice: z.string(),
    })
    .meta({ id: 'HeldGroup' }),
);
