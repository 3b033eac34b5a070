import { AUTHENTICATION_STATES } from '@wsad/domain';
import { z } from 'zod';
import { connectionStates, latarnia } from './availability.ts';
import { instant, pageOf } from './common.ts';
import { certificateFacts } from './credentials.ts';

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
      certificate: certificateFacts.nullable().describe('the one that logs in; null for KSeF tokens'),
    }),
    connection: z.object({
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
    }),
    paused: z.boolean(),
    reconciling: z
      .object({ since: instant, lastError: z.string().nullable() })
      .nullable()
      .describe(
        'the ledger was put back or begun anew: KSeF is asked what it got since then, and nothing is begun before',
      ),
    ready: z.boolean(),
    reason: z.string().nullable().describe('why it is not ready and what to do, in plain words; or a remark'),
    pending: z.int().describe('accepted invoices that have no verdict yet'),
    held: z.int().describe('invoices that wait for a person'),
    nextDispatchAt: instant.nullable(),
    nextDeadlineAt: instant.nullable().describe('the first deadline of what waits that has not passed'),
    deadlinesNear: z.int().describe('waiting invoices whose deadline is less than four hours away'),
    deadlinesPassed: z.int().describe('waiting invoices whose deadline has passed'),
    limits: z.array(z.object({ group: z.string(), used: z.int(), limit: z.int(), windowSeconds: z.int() })),
  })
  .meta({ id: 'SellerStatus' });

export const sellerPage = pageOf(z.object({ nip: z.string(), paused: z.boolean(), createdAt: instant }));
