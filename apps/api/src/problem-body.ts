import { PROBLEMS, type Problem } from '@wsad/domain';

/** `application/problem+json` by RFC 9457; `code` is stable, `instance` is the request's id in the logs. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly [extra: string]: unknown;
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

export function problemBody(problem: Problem, requestId: string): ProblemBody {
  const { title, advice, status } = PROBLEMS[problem.code];
  const found = problem.message === title ? '' : `${withPeriod(problem.message)} `;
  return {
    ...problem.extra,
    type: `/docs/errors#${problem.code}`,
    title,
    status,
    detail: `${found}${advice}`,
    instance: requestId,
    code: problem.code,
  };
}

function withPeriod(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
