/** Words every answer that is no success as a KsefFault: what happened, KSeF's own code, and no secret. */
import {
  type FaultDetails,
  type FaultTreatment,
  judgeFault,
  KsefFault,
  leavesDoubt,
  shapeOf,
} from '@wsad/domain';
import { headerOf, jsonOf, kindOf } from './bodies.ts';
import { RETRY_AFTER_UNNAMED_MS, retryAfterMs } from './retry-after.ts';
import { type ErrorAnswer, errorAnswer, type WordedError } from './schemas.ts';
import { scrub } from './scrub.ts';
import type { Answer, Unanswered } from './wire.ts';

export interface FaultContext {
  readonly operation: string;
  /** The call changes something at KSeF that a second one must not repeat: a close, a sent invoice, a redeem. */
  readonly unrepeatable: boolean;
  readonly secrets: readonly string[];
}

const DETAILS_MAX = 20;

/** An answer with a status that is no success. */
export function faultOf(context: FaultContext, answer: Answer, now: Date): KsefFault {
  const words = wordsOf(answer, context.secrets);
  const shape = shapeOf(answer.status, { worded: words !== null, reasonCode: words?.reasonCode ?? null });
  const fault: FaultDetails = {
    operation: context.operation,
    status: answer.status,
    code: words?.code ?? null,
    description: words?.description ?? `answered with ${kindOf(answer)}`,
    details: words?.details ?? [],
    retryAfterMs: retryAfter(answer, now),
    mayHaveWorked: context.unrepeatable && leavesDoubt(shape),
  };
  return new KsefFault(judgeFault(fault, shape), fault);
}

/** Nothing came, or not all of it. */
export function unansweredFault(context: FaultContext, unanswered: Unanswered): KsefFault {
  return plainFault(context, {
    status: unanswered.status,
    description: unanswered.message,
    mayHaveWorked: context.unrepeatable && unanswered.sent,
  });
}

/** A success by its status whose content is missing, cut off or not KSeF's: `what` says so without quoting it. */
export function unreadableFault(context: FaultContext, status: number, what: string): KsefFault {
  return plainFault(context, { status, description: what, mayHaveWorked: context.unrepeatable });
}

export function plainFault(
  context: FaultContext,
  { status, description, mayHaveWorked }: Pick<FaultDetails, 'status' | 'description' | 'mayHaveWorked'>,
): KsefFault {
  const fault: FaultDetails = {
    operation: context.operation,
    status,
    code: null,
    description: scrub(description, context.secrets),
    details: [],
    retryAfterMs: null,
    mayHaveWorked,
  };
  return new KsefFault(judgeFault(fault, status === null ? 'unanswered' : 'unreadable'), fault);
}

/** The same fault under another treatment, where the caller knows more than the answer tells. */
export function treatedAs(treatment: FaultTreatment, fault: KsefFault): KsefFault {
  return fault.treatment === treatment ? fault : new KsefFault(treatment, fault.fault);
}

interface Words {
  readonly code: number | null;
  readonly description: string;
  readonly details: readonly string[];
  readonly reasonCode: string | null;
}

function retryAfter(answer: Answer, now: Date): number | null {
  const named = retryAfterMs(answer.headers['retry-after'], now);
  return named ?? (answer.status === 429 ? RETRY_AFTER_UNNAMED_MS : null);
}

function wordsOf(answer: Answer, secrets: readonly string[]): Words | null {
  const parsed = errorAnswer.safeParse(jsonOf(answer));
  if (!parsed.success) return null;
  const error = parsed.data;
  const listed = error.exception?.exceptionDetailList ?? error.errors ?? (error.status ? [error.status] : []);
  const main = mainOf(listed);
  const description = main === undefined ? undefined : descriptionOf(main);
  const spoken = description ?? error.detail ?? error.title;
  if (main === undefined && spoken === undefined) return null;
  const details = [...listed.flatMap((one) => lineOf(one, main)), ...reasonsOf(error)];
  return {
    code: main === undefined ? null : (codeOf(main) ?? null),
    description: scrub(spoken ?? '', secrets),
    details: details.slice(0, DETAILS_MAX).map((detail) => scrub(detail, secrets)),
    reasonCode: error.reasonCode ?? null,
  };
}

/** 21405 is the validator's general code: a more telling one beside it goes first. */
function mainOf(listed: readonly WordedError[]): WordedError | undefined {
  return listed.find((one) => codeOf(one) !== 21405) ?? listed[0];
}

function codeOf(error: WordedError): number | undefined {
  return error.exceptionCode ?? error.code;
}

function descriptionOf(error: WordedError): string | undefined {
  return error.exceptionDescription ?? error.description;
}

function lineOf(error: WordedError, main: WordedError | undefined): string[] {
  const own = error === main ? [] : [`${codeOf(error) ?? ''} ${descriptionOf(error) ?? ''}`.trim()];
  return [...own, ...(error.details ?? [])];
}

function reasonsOf(error: ErrorAnswer): string[] {
  const needed = error.security?.requiredAnyOfPermissions;
  return [
    ...(error.reasonCode === undefined ? [] : [error.reasonCode]),
    ...(needed === undefined ? [] : [`needs one of: ${needed.join(', ')}`]),
  ];
}

/** Success by status, but not by form: 200 with a page, 204 expected and something else given. */
export function unexpectedFault(context: FaultContext, answer: Answer): KsefFault {
  const server = headerOf(answer, 'content-type') === undefined ? '' : ` (${kindOf(answer)})`;
  return unreadableFault(context, answer.status, `not the answer that KSeF gives here${server}`);
}
