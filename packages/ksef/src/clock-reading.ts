/** How far KSeF's clock is from ours, as the challenge of a login shows it. */
import { jsonOf } from './bodies.ts';
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
  if (!told.success) return null;
  const uncertaintyMs = (endedMs - begunMs) / 2;
  return { offsetMs: told.data.timestampMs - (begunMs + uncertaintyMs), uncertaintyMs };
}
