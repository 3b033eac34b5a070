import { z } from 'zod';
import { PROBLEM_MEDIA_TYPE } from '../problem-body.ts';

export const instant = z.iso.datetime().describe('ISO 8601, UTC');
export const sha256 = z.string().describe('SHA-256, base64');
export const bytesCount = z.int().min(0).describe('bytes');

/** Judged by the access hook, so that a wrong NIP has its own problem code. */
export const nipParams = z.object({
  nip: z.string().describe('NIP of the seller: ten digits').meta({ example: '5265877635' }),
});

/** PostgreSQL keeps no NUL in a text. */
export function withoutNul(text: z.ZodString) {
  return text.refine((value) => !value.includes('\u0000'), 'holds a NUL character');
}

export const idParams = z.object({ id: z.string().describe('identifier, as answered by an earlier call') });

export const pageQuery = z.object({
  cursor: z.string().max(500).optional().describe('"nextCursor" of the page before'),
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe('entries per page'),
});

export const flag = z
  .enum(['true', 'false', '1', '0', ''])
  .default('false')
  .describe('true or false; the bare name means true');

export function isSet(value: z.output<typeof flag>): boolean {
  return value === 'true' || value === '1' || value === '';
}

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('to be sent as "cursor" for the next page; null on the last'),
  });
}

export const problemSchema = z
  .looseObject({
    type: z.string().describe('where the problem is explained'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('what was found and what to do'),
    instance: z.string().describe('id of this request in the logs'),
    code: z.string().describe('stable code'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('every place of the request that is wrong'),
  })
  .meta({ id: 'Problem' });

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'The request is not as described',
  401: 'No valid API key',
  403: 'This key may not do that',
  404: 'Nothing here, or not for this key',
  409: 'Not in the state that this needs',
  413: 'Too much for one call',
  415: 'Unknown content type',
  429: 'Too many wrong keys; see Retry-After',
  500: 'What is stored of it is damaged',
  503: 'The ledger cannot be reached, or too many large calls came at once; see Retry-After',
};

/** Answers of a route in the form of problem+json; those that every route may give are always among them. */
export function problems(...statuses: number[]) {
  const answer = (status: number) => ({
    description: DESCRIPTIONS[status] ?? 'Problem',
    content: { [PROBLEM_MEDIA_TYPE]: { schema: problemSchema } },
  });
  return Object.fromEntries([401, 403, 503, ...statuses].map((status) => [status, answer(status)]));
}

export const timelineEvent = z.object({
  at: instant,
  event: z.string(),
  actor: z.string().describe('who did it; "wsad" what it did by itself'),
  detail: z.record(z.string(), z.unknown()),
});

export const noContent = z.undefined().describe('Done');
