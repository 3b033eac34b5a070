/** Pieces of work as logs and traces tell of them: whoever does one names it, packages/telemetry makes fields and spans of it. */

/** The call that brought invoices in: whatever is done for them later is told under its id too. */
export interface Origin {
  readonly requestId: string;
  /** W3C traceparent of the call; null where no traces were kept. */
  readonly traceParent: string | null;
}

/** A session may hold the invoices of thousands of calls: it names so many of them. */
export const ORIGINS_MAX = 20;

export const WORK = {
  'submission.check': 'the body of a call is read and each of its invoices checked',
  'submission.accept': 'they are made durable',
  'lane.dispatch': 'what waits in a lane is made into sessions',
  'session.claim': 'a session begins, with the invoices that were claimed for it',
  'session.send': 'a worker takes a session from where it stands to its closing',
  'session.package': 'its invoices are packed, encrypted and hashed',
  'session.open': 'KSeF is asked to open it',
  'part.upload': 'one part of the package goes up, once more for every try',
  'invoice.send': 'one invoice goes out in an interactive session',
  'session.close': 'it is closed at KSeF',
  'session.follow': 'the poller takes a closed session up',
  'session.look': 'KSeF is asked how far it is',
  'session.settle': 'the verdicts are read and written down',
  login: 'an authentication session is opened or renewed',
} as const;
/** In a trace a call of KSeF is named by its method and path. */
export type WorkName = keyof typeof WORK | 'ksef.call';

/** Whose work it is: said by every line that is logged meanwhile. */
export interface WorkOf {
  readonly nip?: string;
  readonly sessionId?: string;
  readonly origins?: readonly Origin[];
}

/** What a span may say besides. The list is closed: nothing that an invoice holds, and nothing secret, is in it. */
export interface WorkFacts {
  readonly kind?: string;
  readonly reference?: string;
  readonly submissionId?: string;
  readonly invoices?: number;
  readonly bytes?: number;
  readonly parts?: number;
  readonly part?: number;
  /** From 1; calls made meanwhile say it as well. */
  readonly attempt?: number;
  /** How long the call waited for a place in KSeF's limits, before it. */
  readonly limitWaitMs?: number;
  /** HTTP status of the answer. */
  readonly status?: number;
  /** KSeF's own code. */
  readonly code?: number;
}

export interface WorkCall {
  readonly operation: string;
  readonly method: string;
  /** The path with names in place of values: addresses carry references, and some of them secrets. */
  readonly template: string;
  readonly url: URL;
}

export interface Work {
  readonly name: WorkName;
  readonly of?: WorkOf;
  readonly facts?: WorkFacts;
  readonly call?: WorkCall;
}

export type Observe = <T>(work: Work, run: (tell: (facts: WorkFacts) => void) => Promise<T>) => Promise<T>;

/** Where nobody looks. */
export const unobserved: Observe = (_work, run) => run(() => undefined);
