/**
 * Every way in which KSeF can fail to give the answer asked for, and what wsad does about each. The client words a
 * fault once, here it is judged once, and the engine acts on the treatment alone.
 */
import { treatmentByCode } from './ksef-answers/exceptions.ts';
import { ANSWER_SHAPES, type AnswerShape, type ShapeAnswer, shapeOf } from './ksef-answers/shapes.ts';

export const FAULT_TREATMENTS = {
  retry: 'It is expected to pass: try again after a while.',
  wait: 'KSeF named the time: not a call before it.',
  relogin: 'The access token is no good: renew it once and repeat.',
  'refetch-key': 'The public key is withdrawn: fetch the keys anew and repeat once.',
  'hold-login': 'KSeF refused the login: hold until the credentials change.',
  'hold-permission': 'The login may not do this: hold until somebody grants it.',
  'ask-session': 'The call may have worked: ask the session before anything else.',
  'new-session': 'This session is of no more use: go on in a new one.',
  stop: 'KSeF finds the request itself wrong: a fault of ours or of the data, repeating changes nothing.',
} as const;
export type FaultTreatment = keyof typeof FAULT_TREATMENTS;

export interface FaultDetails {
  readonly operation: string;
  /** HTTP status; null when there was no answer at all. */
  readonly status: number | null;
  /** KSeF's exception or status code, where its answer carried one. */
  readonly code: number | null;
  readonly description: string;
  readonly details: readonly string[];
  readonly retryAfterMs: number | null;
  /** The request may have taken effect although the answer is missing or bad. */
  readonly mayHaveWorked: boolean;
}

export class KsefFault extends Error {
  readonly treatment: FaultTreatment;
  readonly fault: FaultDetails;

  constructor(treatment: FaultTreatment, fault: FaultDetails) {
    super(
      `KSeF ${fault.operation}: ${fault.status ?? 'no answer'} ${fault.code ?? ''} ${fault.description}`.trim(),
    );
    this.name = 'KsefFault';
    this.treatment = treatment;
    this.fault = fault;
  }
}

/** A call that would go over a window: nothing was sent, and it may be made at `at`. */
export class LimitReached extends Error {
  readonly at: Date;
  readonly counter: string;

  constructor(at: Date, counter: string) {
    super(`the window of ${counter} is full until ${at.toISOString()}`);
    this.name = 'LimitReached';
    this.at = at;
    this.counter = counter;
  }
}

/** KSeF does not answer anybody just now: nothing was sent, and asking before `at` is of no use. */
export class KsefDown extends LimitReached {
  constructor(at: Date, who: string) {
    super(at, who);
    this.name = 'KsefDown';
    this.message = `KSeF does not answer ${who}; the next try is at ${at.toISOString()}`;
  }
}

/** Judges an answer by KSeF's code where that says more, else by its shape, both from the catalogue of answers. */
export function judgeFault(fault: FaultDetails, shape: AnswerShape = shapeOf(fault.status)): FaultTreatment {
  const { status, code, operation, mayHaveWorked } = fault;
  const spoken = status !== null && status < 500 && status !== 429;
  const byCode = spoken ? treatmentByCode(code, operation) : null;
  if (byCode !== null) return byCode;
  const answer: ShapeAnswer = ANSWER_SHAPES[shape];
  return (mayHaveWorked ? answer.unrepeatable : undefined) ?? answer.wsad;
}
