import type { LatarniaMessage } from '@wsad/domain';
import type { Latarnia, OutageDecision } from '@wsad/ledger';
import type { z } from 'zod';
import type { latarnia, latarniaMessage, outage } from '../schemas/availability.ts';
import { instantOf } from './instant.ts';

export function latarniaAnswer(said: Latarnia | null): z.input<typeof latarnia> {
  if (said === null) return null;
  const { status, readAt, messages } = said;
  return { status, readAt: readAt.toISOString(), messages: messages.map(messageAnswer) };
}

export function messageAnswer(message: LatarniaMessage): z.input<typeof latarniaMessage> {
  const { id, version, eventId, category, type, title, text } = message;
  return {
    ...{ id, version, eventId, category, type, title, text },
    startsAt: instantOf(message.startsAt),
    endsAt: instantOf(message.endsAt),
    publishedAt: instantOf(message.publishedAt),
  };
}

export function outageAnswer(decision: OutageDecision): z.input<typeof outage> {
  const { kind, startedAt, endedAt, decidedBy, decidedAt } = decision;
  return {
    ...{ kind, decidedBy },
    startedAt: startedAt.toISOString(),
    endedAt: instantOf(endedAt),
    decidedAt: decidedAt.toISOString(),
  };
}
