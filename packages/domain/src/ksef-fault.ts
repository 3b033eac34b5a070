/**
 * Every way in which KSeF can fail to give the answer asked for, and what wsad does about each. The client words a
 * fault once, here it is judged once, and the engine acts on the treatment alone.
 */

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

/** Judges an answer by HTTP status and KSeF's code. Source: KSeF documentation and faults seen in production. */
export function judgeFault(fault: FaultDetails): FaultTreatment {
  if (fault.status === 429) return 'wait';
  if (fault.code === 21470) return 'refetch-key';
  if (fault.code === 21173) return 'ask-session';
  const session = judgeSessionFault(fault);
  if (session !== null) return session;
  if (fault.status === 401 || fault.code === 21304) return 'relogin';
  if (fault.status === 403) return 'hold-permission';
  if (fault.mayHaveWorked) return 'ask-session';
  if (fault.status === null || fault.status >= 500 || fault.status < 400) return 'retry';
  if (fault.status === 408 || fault.status === 425) return 'retry';
  return 'stop';
}

const CLOSES: readonly string[] = ['closeBatch', 'closeOnline'];

/**
 * What a fault says of the session. A close that finds the session in another state (21180) or out of time (21208)
 * may be the second one after a first that worked, so only the session itself can tell; a part that never arrived
 * (21205, 21157) leaves it unclosed for good.
 */
function judgeSessionFault({ code, operation }: FaultDetails): FaultTreatment | null {
  const closing = CLOSES.includes(operation);
  if (closing && (code === 21180 || code === 21208)) return 'ask-session';
  if (closing && (code === 21205 || code === 21157)) return 'new-session';
  return code === 21184 || code === 21180 || code === 21155 ? 'new-session' : null;
}
