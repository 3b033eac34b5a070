import type { DeliverySummary, WebhookRecord } from '@wsad/ledger';
import type { z } from 'zod';
import type { webhookAnswer as answerSchema, deliveryPage } from '../schemas/webhooks.ts';
import { instantOf } from './instant.ts';

export function webhookAnswer(hook: WebhookRecord, now: Date): z.input<typeof answerSchema> {
  const { events, sellers, earlierSecretUntil: until } = hook;
  return {
    id: hook.id,
    url: hook.url,
    description: hook.description,
    events: events === 'all' ? events : [...events],
    sellers: sellers === 'all' ? sellers : [...sellers],
    createdAt: hook.createdAt.toISOString(),
    active: hook.disabledAt === null,
    disabledAt: instantOf(hook.disabledAt),
    disabledWhy: hook.disabledWhy,
    failures: hook.failures,
    failingSince: instantOf(hook.failingSince),
    lastSuccessAt: instantOf(hook.lastSuccessAt),
    earlierSecretUntil: until !== null && until > now ? until.toISOString() : null,
  };
}

export function deliveryAnswer(delivery: DeliverySummary): z.input<typeof deliveryPage>['items'][number] {
  return {
    ...delivery,
    createdAt: delivery.createdAt.toISOString(),
    nextAt: instantOf(delivery.nextAt),
    lastTriedAt: instantOf(delivery.lastTriedAt),
  };
}
