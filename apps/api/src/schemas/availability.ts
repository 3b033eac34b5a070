import { OUTAGE_KINDS } from '@wsad/domain';
import { z } from 'zod';
import { instant } from './common.ts';

export const connectionStates = z.enum(['up', 'degraded', 'down']);

export const latarniaMessage = z
  .object({
    id: z.string(),
    version: z.int(),
    eventId: z.string().nullable().describe('messages on the same event share it'),
    category: z.string().nullable().describe('FAILURE, TOTAL_FAILURE, MAINTENANCE'),
    type: z.string().nullable().describe('FAILURE_START, FAILURE_END, MAINTENANCE_ANNOUNCEMENT'),
    title: z.string().nullable(),
    text: z.string().nullable(),
    startsAt: instant.nullable(),
    endsAt: instant.nullable(),
    publishedAt: instant.nullable(),
  })
  .meta({ id: 'LatarniaMessage' });

export const latarnia = z
  .object({
    status: z.string().describe('AVAILABLE, MAINTENANCE, FAILURE, TOTAL_FAILURE'),
    readAt: instant,
    messages: z.array(latarniaMessage).describe('those that came with the status'),
  })
  .nullable()
  .describe("KSeF's own status service; null where it has not been read. It decides nothing here.");

const decided = {
  kind: z.enum(OUTAGE_KINDS).describe('unavailable: art. 106nh; failure: art. 106nf of the VAT act'),
  startedAt: instant,
};

export const outageDecision = z
  .object({
    ...decided,
    startedAt: z.iso.datetime({ offset: true }),
    endedAt: z.iso.datetime({ offset: true }).nullish().describe('left out while it lasts'),
  })
  .strict()
  .refine(({ startedAt, endedAt }) => endedAt == null || Date.parse(endedAt) > Date.parse(startedAt), {
    path: ['endedAt'],
    message: 'must come after startedAt',
  })
  .meta({ id: 'OutageDecision' });

export const outage = z
  .object({
    ...decided,
    endedAt: instant.nullable().describe('null while it lasts'),
    decidedBy: z.string(),
    decidedAt: instant,
  })
  .meta({ id: 'Outage' });

export const availability = z
  .object({
    connection: connectionStates,
    latarnia,
    outages: z.array(outage).describe('decided by people; they move deadlines'),
    messages: z
      .array(latarniaMessage)
      .describe('everything the status service was heard to say, newest first'),
  })
  .meta({ id: 'Availability' });
