/** How far KSeF's clock is from ours, as a challenge shows it: every login's, or one asked for this alone. */
import { jsonOf } from './bodies.ts';
import type { Caller } from './http.ts';
import { challengeAnswer } from './schemas.ts';
import type { Answer } from './wire.ts';

export interface ClockReading {
  /** KSeF's clock less ours, taking the answer to have been made half-way. */
  readonly offsetMs: number;
  /** Half the time the call took: the truth lies within it on either side. */
  readonly uncertaintyMs: number;
}

/** Null for every other call, and for an answer that tells no time. */
export function clockReading(
  call: { readonly operation: string },
  answer: Answer,
  begunMs: number,
  endedMs: number,
): ClockReading | null {
  if (call.operation !== 'challenge') return null;
  const told = challengeAnswer.safeParse(jsonOf(answer));
  return told.success ? readingOf(told.data.timestampMs, begunMs, endedMs) : null;
}

/** Needs no login. */
export async function readClock(caller: Caller, clock: () => Date): Promise<ClockReading> {
  const begunMs = clock().getTime();
  const { timestampMs } = await caller.json(
    { operation: 'challenge', nip: null, method: 'POST', path: '/auth/challenge' },
    challengeAnswer,
  );
  return readingOf(timestampMs, begunMs, clock().getTime());
}

function readingOf(timestampMs: number, begunMs: number, endedMs: number): ClockReading {
  const uncertaintyMs = (endedMs - begunMs) / 2;
  return { offsetMs: timestampMs - (begunMs + uncertaintyMs), uncertaintyMs };
}
