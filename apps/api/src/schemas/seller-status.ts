import { AUTHENTICATION_STATES } from '@wsad/domain';
import { z } from 'zod';
import { instant, pageOf } from './common.ts';

export const sellerStatus = z
  .object({
    nip: z.string(),
    authentication: z.object({
      state: z.enum(AUTHENTICATION_STATES),
      method: z.string().nullable(),
      validUntil: instant.nullable(),
      permissions: z.array(z.string()),
      recommendedMissing: z
        .array(z.string())
        .describe('permissions that sending goes without, but reading back and following others do not'),
      lastError: z.string().nullable(),
    }),
    connection: z.object({
      state: z.enum(['up', 'degraded', 'down']),
      lastSuccessAt: instant.nullable(),
      latencyMs: z.number().nullable(),
    }),
    paused: z.boolean(),
    ready: z.boolean(),
    reason: z.string().nullable().describe('why it is not ready and what to do, in plain words; or a remark'),
    pending: z.int().describe('accepted invoices that have no verdict yet'),
    held: z.int().describe('invoices that wait for a person'),
    nextDispatchAt: instant.nullable(),
    limits: z.array(z.object({ group: z.string(), used: z.int(), limit: z.int(), windowSeconds: z.int() })),
  })
  .meta({ id: 'SellerStatus' });

export const sellerPage = pageOf(z.object({ nip: z.string(), paused: z.boolean(), createdAt: instant }));
