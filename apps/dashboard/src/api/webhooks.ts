/** Webhooks and what went to them, asked for again while somebody looks: deliveries come and end by themselves. */
import { queryOptions } from '@tanstack/react-query';
import type { Schemas } from '@wsad/client';
import { answered, api } from './client.ts';
import { usePages } from './pages.ts';

export type Webhook = Schemas['Webhook'];
export type Delivery = Schemas['WebhookDelivery'];

const EVERY_MS = 2000;

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks'],
  queryFn: () => answered(api.GET('/v1/webhooks')),
  refetchInterval: EVERY_MS,
});

export function webhookQuery(id: string) {
  return queryOptions({
    queryKey: ['webhook', id],
    queryFn: () => answered(api.GET('/v1/webhooks/{id}', { params: { path: { id } } })),
    refetchInterval: EVERY_MS,
  });
}

export function useDeliveries(id: string) {
  return usePages(
    ['deliveries', id],
    (cursor) =>
      answered(
        api.GET('/v1/webhooks/{id}/deliveries', {
          params: { path: { id }, query: { limit: 100, ...cursor } },
        }),
      ),
    { everyMs: EVERY_MS },
  );
}

/** In one word; a webhook that fails is still served. */
export function webhookState({
  disabledWhy,
  failures,
}: Webhook): 'active' | 'failing' | 'paused' | 'stopped' {
  if (disabledWhy === 'person') return 'paused';
  if (disabledWhy !== null) return 'stopped';
  return failures > 0 ? 'failing' : 'active';
}
