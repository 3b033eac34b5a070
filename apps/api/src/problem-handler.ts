import { diskFailureOf, type EmitEvent, Problem, type ProblemCode, tellDiskFailure } from '@wsad/domain';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { discardBody } from './discard-body.ts';
import { isLedgerDown } from './ledger-down.ts';
import { methodsByAddress } from './methods-at.ts';
import { PROBLEM_MEDIA_TYPE, problemBody } from './problem-body.ts';
import { requestFault } from './request-faults.ts';

const RETRY_AFTER_S = 5;
/** What passes by itself, or once somebody has made room. */
const REPEATABLE: readonly ProblemCode[] = [
  'NOT_READY',
  'LEDGER_FULL',
  'LEDGER_DISK_FAILS',
  'TOO_BUSY',
  'NO_TEMPORARY_FILE',
  'IDEMPOTENCY_KEY_IN_USE',
  'TOO_MANY_ATTEMPTS',
];

/** Turns everything that can go wrong into application/problem+json, in this one place. */
export function handleProblems(app: FastifyInstance, emit: EmitEvent): void {
  const methodsAt = methodsByAddress(app);
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = problemOf(error);
    logProblem(request, problem, error);
    tellDiskFailure(emit, error);
    sendProblem(request, reply, problem);
  });
  app.setNotFoundHandler((request, reply) => {
    const allowed = methodsAt(pathOf(request));
    if (allowed.length > 0) reply.header('allow', allowed.join(', '));
    sendProblem(request, reply, new Problem(allowed.length > 0 ? 'METHOD_NOT_ALLOWED' : 'NOT_FOUND'));
  });
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): void {
  if (problem.code === 'UNAUTHENTICATED' && !reply.hasHeader('www-authenticate'))
    reply.header('www-authenticate', 'Bearer');
  if (REPEATABLE.includes(problem.code))
    reply.header('retry-after', problem.extra.retryAfterSeconds ?? RETRY_AFTER_S);
  reply.removeHeader('connection');
  reply
    .code(problem.status)
    .type(PROBLEM_MEDIA_TYPE)
    .serializer(JSON.stringify)
    .send(problemBody(problem, request.id));
  discardBody(request.raw);
}

/** What went wrong, as a problem of the catalogue; what is not known there is a fault of ours. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const failure = diskFailureOf(error);
  if (failure?.disk === 'ledger')
    return new Problem(failure.why === 'full' ? 'LEDGER_FULL' : 'LEDGER_DISK_FAILS');
  if (isLedgerDown(error)) return new Problem('NOT_READY');
  return (isFastifyError(error) ? requestFault(error) : null) ?? new Problem('INTERNAL');
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

function logProblem(request: FastifyRequest, problem: Problem, error: Error): void {
  if (problem.status >= 500) request.log.error({ err: error, code: problem.code }, 'call failed');
  else request.log.info({ code: problem.code, detail: problem.message }, 'call refused');
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/';
}
