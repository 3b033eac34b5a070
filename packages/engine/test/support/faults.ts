/** How a call goes wrong, worded as the KSeF client words it. */
import { type FaultTreatment, judgeFault, KsefFault, LimitReached } from '@wsad/domain';
import type { Ksef } from '../../src/index.ts';

export type Operation = keyof Ksef;

/** Before: the call had no effect. After: it worked, and its answer is lost. Instead: nothing was done, answered well. */
export type Strike =
  | { readonly when: 'before' | 'after'; readonly error: Error }
  | { readonly when: 'instead' };

export function before(error: Error): Strike {
  return { when: 'before', error };
}

export function after(error: Error): Strike {
  return { when: 'after', error };
}

/** For each operation what befalls its calls, one after another; null is a call that goes well. */
export function inTurn(
  plan: Partial<Record<Operation, (Strike | null)[]>>,
): (operation: Operation) => Strike | null {
  return (operation) => plan[operation]?.shift() ?? null;
}

const UNREPEATABLE: readonly string[] = ['closeBatch', 'closeOnline', 'sendInvoice'];

export function answered(operation: string, status: number, code: number | null = null): KsefFault {
  const details = {
    operation,
    status,
    code,
    description: `answered ${status}`,
    details: [],
    retryAfterMs: status === 429 ? 1_000 : null,
    mayHaveWorked: UNREPEATABLE.includes(operation) && status >= 500,
  };
  return new KsefFault(judgeFault(details), details);
}

export function unanswered(operation: string): KsefFault {
  const mayHaveWorked = UNREPEATABLE.includes(operation);
  return treated(mayHaveWorked ? 'ask-session' : 'retry', operation, null);
}

export function treated(treatment: FaultTreatment, operation: string, status: number | null): KsefFault {
  return new KsefFault(treatment, {
    operation,
    status,
    code: null,
    description: 'for the test',
    details: [],
    retryAfterMs: null,
    mayHaveWorked: treatment === 'ask-session',
  });
}

export function refusedLogin(code: number): KsefFault {
  return new KsefFault('hold-login', { ...treated('hold-login', 'login', 200).fault, code });
}

export function overLimit(now: Date): LimitReached {
  return new LimitReached(new Date(now.getTime() + 1_000), 'a window');
}
