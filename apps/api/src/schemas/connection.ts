import { z } from 'zod';
import { connectionStates, latarnia } from './availability.ts';
import { instant } from './common.ts';

export const connection = z.object({
  state: connectionStates,
  lastSuccessAt: instant.nullable(),
  latencyMs: z.number().nullable(),
  clock: z
    .object({ offsetMs: z.number(), uncertaintyMs: z.number(), readAt: instant })
    .nullable()
    .describe("KSeF's clock less ours, as the last login showed it"),
  latarnia,
  warnings: z
    .array(z.object({ text: z.string(), since: instant, lastSeenAt: instant }))
    .describe('what KSeF has announced beside its answers within the last day, in its own words'),
});
