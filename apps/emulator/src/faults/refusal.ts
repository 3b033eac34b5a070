/** Refusals to order: the ones KSeF itself gives, so that they go out in the format the caller asked for. */
import { z } from 'zod';
import {
  type ApiError,
  badRequest,
  missingPermissions,
  tooManyRequests,
  unauthorized,
} from '../http/errors.ts';
import { type ExceptionCode, exceptionDescriptions } from '../http/exception-codes.ts';

const codeSchema = z.custom<ExceptionCode>(
  (code) => typeof code === 'number' && code in exceptionDescriptions,
  'unknown exception code',
);

export const refusalSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('exception'),
    code: codeSchema,
    details: z.array(z.string()).default([]),
  }),
  z.strictObject({ kind: z.literal('unauthorized') }),
  z.strictObject({ kind: z.literal('missingPermissions'), anyOf: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('tooMany'), retryAfterS: z.int().positive() }),
]);

export type OrderedRefusal = z.output<typeof refusalSchema>;

export function refusalError(ordered: OrderedRefusal): ApiError {
  switch (ordered.kind) {
    case 'exception':
      return badRequest(ordered.code, ...ordered.details);
    case 'unauthorized':
      return unauthorized();
    case 'missingPermissions':
      return missingPermissions(ordered.anyOf, []);
    case 'tooMany':
      return tooManyRequests(ordered.retryAfterS, 'Przekroczono limit żądań.');
  }
}
