import { Problem, type ProblemCode } from '@wsad/domain';
import type { FastifyError } from 'fastify';

/** Fastify's own errors, and Node's about a request, as problems of the catalogue. */
const CODES: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_NOT_FOUND: 'NOT_FOUND',
  FST_ERR_BAD_URL: 'NOT_FOUND',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_BODY_TOO_LARGE: 'TOO_LARGE',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'MALFORMED_BODY',
  FST_ERR_CTP_INVALID_JSON_BODY: 'MALFORMED_BODY',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'MALFORMED_BODY',
};

const STATUSES: Readonly<Record<number, ProblemCode>> = {
  400: 'INVALID_REQUEST',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'TOO_LARGE',
  414: 'INVALID_REQUEST',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

/** What the request did wrong; null where the fault is not the request's. */
export function requestFault(error: FastifyError): Problem | null {
  if (error.validation !== undefined) return validationProblem(error);
  const code = CODES[error.code] ?? STATUSES[error.statusCode ?? 500];
  return code === undefined ? null : new Problem(code, error.message);
}

/** Names every place that does not fit its schema. */
export function validationProblem(error: {
  validation?: FastifyError['validation'];
  validationContext?: string | undefined;
}): Problem {
  const place = error.validationContext ?? 'request';
  const errors = (error.validation ?? []).map((issue) => ({
    path: `${place}${issue.instancePath.replaceAll('/', '.')}`,
    message: issue.message ?? 'is not as described',
  }));
  const detail = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new Problem('INVALID_REQUEST', detail, { errors });
}
