import { type HoldCause, KsefFault, LimitReached, type Outcome, snooze } from '@wsad/domain';
import type { World } from './ports.ts';

/** The seller cannot be logged in until somebody acts: its invoices are to be held. */
export class LoginHeld extends Error {
  readonly holdCause: HoldCause;
  readonly detail: string;

  constructor(cause: HoldCause, detail: string) {
    super(detail);
    this.name = 'LoginHeld';
    this.holdCause = cause;
    this.detail = detail;
  }
}

/** Somebody else is doing this just now; look again at `at`. */
export class Busy extends Error {
  readonly at: Date;

  constructor(what: string, at: Date) {
    super(what);
    this.name = 'Busy';
    this.at = at;
  }
}

/** Closing was not answered well and KSeF says that the session is open: it is to be closed again. */
export class StillOpen extends Error {
  readonly fault: KsefFault;

  constructor(fault: KsefFault) {
    super(fault.message);
    this.name = 'StillOpen';
    this.fault = fault;
  }
}

const PATIENCE_WITHOUT_RETRY_AFTER_MS = 5_000;

/** Turns what stopped a job into its outcome; what is not known to pass by itself is the queue's to retry. */
export function outcomeOf(error: unknown, now: Date): Outcome {
  if (error instanceof LimitReached) return snooze(error.at, error.message);
  if (error instanceof Busy) return snooze(error.at, error.message);
  if (error instanceof KsefFault && error.treatment === 'wait') {
    const waitMs = error.fault.retryAfterMs ?? PATIENCE_WITHOUT_RETRY_AFTER_MS;
    return snooze(new Date(now.getTime() + waitMs), error.message);
  }
  return { kind: 'retry', error: error instanceof Error ? error : new Error(String(error)) };
}

/** Puts everything of the seller that has not left on hold, with the reason that a person can act on. */
export async function holdSeller(
  world: World,
  nip: string,
  held: LoginHeld,
  known = { byCall: false },
): Promise<void> {
  const count = await world.ledger.holdSeller(nip, held.holdCause, held.detail, world.clock(), known);
  if (count > 0) world.emit({ type: 'invoices.held', nip, cause: held.holdCause, count });
}

export interface Refusal {
  readonly refusal: string;
}

/**
 * What `ask` answers, or in words why KSeF will not answer it to us. With `heldToo` also why nobody can be logged in to
 * ask; else that is the caller's to wait out.
 */
export async function orRefusal<T>(
  ask: () => Promise<T>,
  { heldToo }: { readonly heldToo: boolean },
): Promise<T | Refusal> {
  try {
    return await ask();
  } catch (error) {
    if (isRefusal(error) || (heldToo && error instanceof LoginHeld)) return { refusal: error.message };
    throw error;
  }
}

/** The login may not do this (403). */
export function isForbidden(error: unknown): error is KsefFault {
  return error instanceof KsefFault && error.treatment === 'hold-permission';
}

/** What happened and all that KSeF said of it, what is missing included. */
export function wordsOf({ message, fault }: KsefFault): string {
  return [message, ...fault.details].join('; ');
}

/** Why no login of the seller is let in to a session that was sent, be it the login or its rights; null: that is not it. */
export function shutOutBy(error: unknown): string | null {
  if (error instanceof LoginHeld) return error.message;
  return isForbidden(error) ? wordsOf(error) : null;
}

/** KSeF understood the question and will not answer it to us: asking again changes nothing. */
export function isRefusal(error: unknown): error is KsefFault {
  const refusals = ['stop', 'hold-permission', 'ask-session', 'new-session'];
  return error instanceof KsefFault && refusals.includes(error.treatment);
}
