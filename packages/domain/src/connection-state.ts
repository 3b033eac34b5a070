/** What is said of the connection to KSeF, from our own calls first and from KSeF's status service second. */
import type { Gate } from './gate.ts';

export type ConnectionState = 'up' | 'degraded' | 'down';

export interface ConnectionFacts {
  /** The gates a seller's calls pass, as far as they have been in use. */
  readonly gates: readonly Gate[];
  readonly consecutiveFailures: number;
  readonly lastSuccessAt: Date | null;
  /** What the status service says; null where it is not read, or was not to be had of late. */
  readonly latarnia: string | null;
}

/** So many failures in a row mean that KSeF is not there; fewer, that it stumbles. */
const DOWN_AFTER_FAILURES = 5;
/** A call of ours that succeeded within this time weighs more than whatever the status service says. */
const OWN_WORD_COUNTS_MS = 300_000;
const LATARNIA_ALL_WELL = 'AVAILABLE';

export function connectionState(facts: ConnectionFacts, now: Date): ConnectionState {
  const { gates, consecutiveFailures, lastSuccessAt, latarnia } = facts;
  if (gates.some(({ shutUntil }) => shutUntil !== null)) return 'down';
  if (consecutiveFailures >= DOWN_AFTER_FAILURES) return 'down';
  if (consecutiveFailures > 0 || gates.some(({ rampFrom }) => rampFrom !== null)) return 'degraded';
  const seenMs = lastSuccessAt === null ? Number.POSITIVE_INFINITY : now.getTime() - lastSuccessAt.getTime();
  const trouble = latarnia !== null && latarnia !== LATARNIA_ALL_WELL;
  return trouble && seenMs > OWN_WORD_COUNTS_MS ? 'degraded' : 'up';
}
