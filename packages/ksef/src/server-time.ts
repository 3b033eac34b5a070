/** What time it is at KSeF, as a challenge tells it: days and deadlines are counted by that clock. */

import type { Caller } from './http.ts';
import { challengeAnswer } from './schemas.ts';

export interface ServerTime {
  readonly at: Date;
  /** How long asking took: `at` is good to this much. */
  readonly roundTripMs: number;
}

export async function serverTime(caller: Caller, clock: () => Date): Promise<ServerTime> {
  const askedAt = clock().getTime();
  const { timestampMs } = await caller.json(
    { operation: 'challenge', nip: null, method: 'POST', path: '/auth/challenge' },
    challengeAnswer,
  );
  return { at: new Date(timestampMs), roundTripMs: clock().getTime() - askedAt };
}
