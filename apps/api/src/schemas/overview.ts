import { SESSION_STATES } from '@wsad/domain';
import { z } from 'zod';
import { bytesCount, instant } from './common.ts';
import { connection } from './connection.ts';
import { byState } from './submission.ts';

const activity = {
  accepted: z.int(),
  cleared: z.int(),
  rejected: z.int(),
  held: z.int().describe('held then, and still waiting for a person'),
};

export const INCIDENT_KINDS = [
  'ksefDown',
  'ksefDegraded',
  'latarnia',
  'allPaused',
  'sellerPaused',
  'loginRefused',
  'loginBlocked',
  'certificateRunsOut',
  'reconciling',
  'payloadDamaged',
  'webhookFailing',
  'webhookDisabled',
  'queueUnreachable',
] as const;

export const overview = z
  .object({
    at: instant,
    byState,
    today: z.object(activity).describe('since the day began in Warsaw'),
    perMinute: z
      .array(z.object({ at: instant, ...activity }))
      .describe('the last 60 minutes, the oldest first'),
    inLine: z.object({
      total: z.int().describe('accepted, and not yet put into a session'),
      oldestAt: instant.nullable().describe('when the oldest whose issue day has come was accepted'),
      sellers: z.int().describe('whose invoices they are'),
    }),
    sessions: z
      .array(
        z.object({
          id: z.string(),
          nip: z.string(),
          kind: z.enum(['batch', 'interactive']),
          state: z.enum(SESSION_STATES),
          reference: z.string().nullable(),
          invoices: z.int(),
          bytes: bytesCount,
          partsSent: z.int(),
          parts: z.int(),
          openedAt: instant.nullable(),
        }),
      )
      .describe('being sent or waited for, the newest 50'),
    budgets: z
      .array(
        z.object({
          nip: z.string(),
          group: z.string(),
          used: z.int(),
          limit: z.int(),
          windowSeconds: z.int(),
        }),
      )
      .describe('calls to KSeF, the 20 windows nearest to their limits'),
    deadlines: z
      .array(z.object({ nip: z.string(), dueAt: instant, invoices: z.int() }))
      .describe('of what waits, the first 20; those that have passed come first'),
    incidents: z.array(
      z.object({
        kind: z.enum(INCIDENT_KINDS),
        since: instant,
        text: z.string().describe('what it is and what to do, in plain words'),
        nip: z
          .string()
          .nullable()
          .describe('null where it is about all, about shared credentials or about a webhook'),
      }),
    ),
    connection,
    paused: z.boolean().describe('sending is stopped for all sellers'),
  })
  .meta({ id: 'Overview' });
