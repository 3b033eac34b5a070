import { SESSION_STATES } from '@wsad/domain';
import { z } from 'zod';
import { bytesCount, instant, pageOf, pageQuery, timelineEvent } from './common.ts';

const sessionFields = {
  id: z.string(),
  nip: z.string(),
  kind: z.enum(['batch', 'interactive']),
  form: z.string(),
  mode: z.enum(['online', 'offline']),
  state: z.enum(SESSION_STATES),
  reference: z.string().nullable().describe("KSeF's reference number"),
  counts: z.object({
    invoices: z.int(),
    cleared: z.int(),
    rejected: z.int(),
    held: z.int(),
    again: z.int().describe('sent once more in another session'),
  }),
  parts: z.int().describe('how many parts the package has'),
  plainBytes: bytesCount,
  packageBytes: bytesCount.nullable(),
  compression: z.string().nullable(),
  timings: z.object({
    claimedAt: instant,
    openedAt: instant.nullable(),
    closingAt: instant.nullable(),
    closedAt: instant.nullable(),
    endedAt: instant.nullable(),
  }),
  trial: z
    .object({
      firstSessionId: z.string().describe('the session with whose failure it began'),
      failedSessionId: z.string().describe('the one that failed with these invoices last'),
      failures: z.int().describe('sessions in a row that KSeF failed with them before'),
    })
    .nullable()
    .describe('sent to find out which invoices made an earlier session fail'),
  error: z
    .object({ code: z.int().nullable(), description: z.string(), details: z.array(z.string()) })
    .nullable(),
};

export const sessionSummary = z.object(sessionFields).meta({ id: 'SessionSummary' });
export const session = z
  .object({
    ...sessionFields,
    partList: z.array(
      z.object({
        ordinal: z.int(),
        sizeBytes: bytesCount,
        sha256: z.string(),
        uploadedAt: instant.nullable(),
      }),
    ),
    receipts: z.array(z.object({ page: z.int(), reference: z.string(), sha256: z.string() })),
    events: z.array(timelineEvent),
  })
  .meta({ id: 'Session' });

export const sessionsQuery = pageQuery.extend({
  nip: z.string().optional(),
  state: z.enum(SESSION_STATES).optional(),
});
export const sessionPage = pageOf(sessionSummary);
