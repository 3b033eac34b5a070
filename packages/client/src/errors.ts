/** What may go wrong with a call, each with what to do about it. */
import type { Schemas } from './api.ts';
import { PROBLEM_ADVICE } from './problem-advice.ts';

/** The codes of docs/errors.md; a newer server may have more. */
export type ProblemCode = keyof typeof PROBLEM_ADVICE;

/** The API understood the call and refuses it, or cannot serve it now. */
export class WsadProblem extends Error {
  override readonly name = 'WsadProblem';
  readonly status: number;
  /** Stable, unlike the sentences. */
  readonly code: ProblemCode | (string & {});
  /** What was found, and what to do. */
  readonly detail: string;
  readonly whatToDo: string;
  /** Id of the request in the logs of the server; null where what answered was not wsad. */
  readonly instance: string | null;
  /** Every place of the request that is wrong. */
  readonly errors: readonly { readonly path: string; readonly message: string }[];

  constructor(status: number, body: Partial<Schemas['Problem']>) {
    const { code = 'UNKNOWN', title = `HTTP ${status}`, detail = title } = body;
    super(`${code}: ${detail}`);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.whatToDo = adviceOf(code);
    this.instance = body.instance ?? null;
    this.errors = body.errors ?? [];
  }
}

/** Nobody answered, or the line broke: whether the call was served is not known. */
export class WsadUnreachable extends Error {
  override readonly name = 'WsadUnreachable';
  readonly whatToDo =
    'See that wsad runs and that the address is right. A call with an Idempotency-Key may be repeated as it was.';

  constructor(url: string, cause: unknown) {
    super(`${url} cannot be reached: ${causeOf(cause)}`, { cause });
  }
}

/** The patience is over, the work is not: wsad goes on by itself. */
export class StillUnderWay extends Error {
  override readonly name = 'StillUnderWay';
  readonly whatToDo = 'Nothing is lost: ask again later.';
  /** How it stood last; null where it could not be asked at all. */
  readonly submission: Schemas['Submission'] | null;

  constructor(id: string, submission: Schemas['Submission'] | null, cause?: unknown) {
    super(`Submission ${id} is still under way.`, { cause });
    this.submission = submission;
  }
}

function adviceOf(code: string): string {
  const known: Readonly<Record<string, string>> = PROBLEM_ADVICE;
  return known[code] ?? 'See what "detail" says; what answered may not be wsad, or a newer one.';
}

/** The innermost words: fetch itself only says that it failed. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return causeOf(error.cause);
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}
