import type { Connection } from '@wsad/ledger';
import type { z } from 'zod';
import type { connection } from '../schemas/connection.ts';
import { latarniaAnswer } from './availability-answer.ts';
import { instantOf } from './instant.ts';

export function connectionAnswer(known: Connection): z.input<typeof connection> {
  const { state, lastSuccessAt, latencyMs, clock, latarnia, warnings } = known;
  return {
    state,
    lastSuccessAt: instantOf(lastSuccessAt),
    latencyMs,
    clock: clock === null ? null : { ...clock, readAt: clock.readAt.toISOString() },
    latarnia: latarniaAnswer(latarnia),
    warnings: warnings.map(({ text, since, lastSeenAt }) => ({
      text,
      since: since.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
    })),
  };
}
