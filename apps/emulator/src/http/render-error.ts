import type { FastifyRequest } from 'fastify';
import type { Clock, RandomBytes } from '../options.ts';
import { utcTimestamp } from '../warsaw.ts';
import type { World } from '../world.ts';
import { ApiError, badRequest, problem, type Refusal } from './errors.ts';
import { exceptionDescriptions } from './exception-codes.ts';

export type RenderedError = {
  status: number;
  type: 'application/json' | 'application/problem+json';
  headers: Record<string, string>;
  body: unknown;
};

/** What rendering needs to know of the call: where it went and which error format it asked for. */
export type ErrorContext = {
  instance: string;
  wantsProblemDetails: boolean;
  clock: Clock;
  randomBytes: RandomBytes;
};

export function errorContextOf(world: World, request: FastifyRequest): ErrorContext {
  return {
    instance: request.url,
    wantsProblemDetails: request.headers['x-error-format'] === 'problem-details',
    clock: world.clock,
    randomBytes: world.randomBytes,
  };
}

/** The refusal behind any thrown thing: Fastify's own parsing errors become the documented codes. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof ApiError) return error.refusal;
  const status = statusOf(error);
  if (status === 413) return problem(413, 'Payload Too Large', 'The request body is too large.').refusal;
  if (status !== undefined && status < 500) return badRequest(21001).refusal;
  return problem(500, 'Internal Server Error', String(error)).refusal;
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

export function renderError(refusal: Refusal, context: ErrorContext): RenderedError {
  switch (refusal.kind) {
    case 'badRequest':
      return context.wantsProblemDetails ? badRequestProblem(refusal, context) : exception(refusal, context);
    case 'unauthorized':
      return problemAnswer(401, 'Unauthorized', refusal.detail, context, {});
    case 'forbidden': {
      const { reasonCode, security } = refusal;
      return problemAnswer(403, 'Forbidden', refusal.detail, context, { reasonCode, security });
    }
    case 'tooMany':
      return tooMany(refusal, context);
    case 'problem':
      return problemAnswer(refusal.status, refusal.title, refusal.detail, context, {});
  }
}

function exception(refusal: Extract<Refusal, { kind: 'badRequest' }>, context: ErrorContext): RenderedError {
  const trace = context.randomBytes(24).toString('hex');
  const body = {
    exception: {
      exceptionDetailList: refusal.errors.map(({ code, details }) => ({
        exceptionCode: code,
        exceptionDescription: exceptionDescriptions[code],
        details,
      })),
      serviceCode: `00-${trace.slice(0, 32)}-${trace.slice(32)}-00`,
      serviceCtx: 'srvEMU',
      serviceName: 'Undefined',
      timestamp: utcTimestamp(context.clock()),
    },
  };
  return { status: 400, type: 'application/json', headers: {}, body };
}

function badRequestProblem(
  refusal: Extract<Refusal, { kind: 'badRequest' }>,
  context: ErrorContext,
): RenderedError {
  const errors = refusal.errors.map(({ code, details }) => ({
    code,
    description: exceptionDescriptions[code],
    details,
  }));
  return problemAnswer(400, 'Bad Request', 'Żądanie jest nieprawidłowe.', context, { errors });
}

function tooMany(refusal: Extract<Refusal, { kind: 'tooMany' }>, context: ErrorContext): RenderedError {
  const headers = { 'retry-after': String(refusal.retryAfterS) };
  if (context.wantsProblemDetails) {
    return { ...problemAnswer(429, 'Too Many Requests', refusal.detail, context, {}), headers };
  }
  const body = { status: { code: 429, description: 'Too Many Requests', details: [refusal.detail] } };
  return { status: 429, type: 'application/json', headers, body };
}

function problemAnswer(
  status: number,
  title: string,
  detail: string,
  context: ErrorContext,
  more: Record<string, unknown>,
): RenderedError {
  const body = {
    title,
    status,
    instance: context.instance,
    detail,
    ...more,
    timestamp: utcTimestamp(context.clock()),
    traceId: context.randomBytes(16).toString('hex'),
  };
  return { status, type: 'application/problem+json', headers: {}, body };
}
