import { AUTHENTICATION_STATES } from '@wsad/domain';
import { z } from 'zod';
import { instant, pageOf, pageQuery } from './common.ts';
import { connection } from './connection.ts';
import { certificateFacts } from './credentials.ts';

export const sellerStatus = z
  .object({
    nip: z.string(),
    authentication: z.object({
      state: z.enum(AUTHENTICATION_STATES),
      credentials: z.enum(['none', 'own', 'shared']).describe('what it logs in with, if anything'),
      method: z.string().nullable(),
      validUntil: instant.nullable(),
      permissions: z.array(z.string()),
      recommendedMissing: z
        .array(z.string())
        .describe('permissions that sending goes without, but reading back and following others do not'),
      lastError: z.string().nullable(),
      certificate: certificateFacts.nullable().describe('the one that logs in; null for KSeF tokens'),
    }),
    connection,
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

export const sellersQuery = pageQuery.extend({
  query: z
    .string()
    .regex(/^\d{1,10}$/)
    .optional()
    .describe('the beginning of the NIP'),
  ready: z
    .enum(['true', 'false'])
    .optional()
    .describe('those that can send, or cannot; a page may then be short, and yet another follow'),
});

export const sellerPage = pageOf(
  z
    .object({
      nip: z.string(),
      paused: z.boolean(),
      createdAt: instant,
      authentication: z.enum(AUTHENTICATION_STATES),
      method: z.string().nullable(),
      validUntil: instant.nullable(),
      ready: z.boolean(),
      reason: z
        .string()
        .nullable()
        .describe('why it is not ready and what to do, in plain words; or a remark'),
      pending: z.int().describe('accepted invoices that have no verdict yet'),
      held: z.int().describe('invoices that wait for a person'),
    })
    .meta({ id: 'SellerSummary' }),
);
