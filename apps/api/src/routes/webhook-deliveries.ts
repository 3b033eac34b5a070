import { Problem } from '@wsad/domain';
import type { DeliveryAsked } from '@wsad/ledger';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { callerOf } from '../access.ts';
import { deliveryAnswer } from '../answers/webhook-answer.ts';
import { cursorOf, keyOfCursor } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { idParams, problems } from '../schemas/common.ts';
import { deliveryAsked, deliveryPage, deliveryParams, deliveryQuery } from '../schemas/webhooks.ts';
import { actionOf, noWebhook, TAGS } from './webhooks.ts';

/** What went to a webhook, and sending it again. */
export function webhookDeliveryRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/webhooks/:id/deliveries',
      {
        config: { access: 'admin' },
        schema: {
          operationId: 'listWebhookDeliveries',
          tags: TAGS,
          summary: 'What is, was or could not be delivered, newest first',
          params: idParams,
          querystring: deliveryQuery,
          response: { 200: deliveryPage, ...problems(400, 404) },
        },
      },
      async (request) => {
        const { state, cursor, limit } = request.query;
        const after = keyOfCursor(cursor, (text) => /^[0-9a-f-]{36}$/.test(text));
        const { sellers } = callerOf(request);
        const page = await deps.ledger.deliveriesPage(request.params.id, sellers, { state }, after, limit);
        const { items, nextCursor } = page ?? noWebhook();
        return { items: items.map(deliveryAnswer), nextCursor: cursorOf(nextCursor) };
      },
    );

    app.post(
      '/v1/webhooks/:id/test',
      {
        config: { access: 'admin' },
        schema: {
          operationId: 'testWebhook',
          tags: TAGS,
          summary: 'Send a delivery of the type webhook.test, without items',
          params: idParams,
          response: { 202: deliveryAsked, ...problems(404, 409) },
        },
      },
      async (request, reply) => {
        const asked = await deps.ledger.sendTestDelivery(actionOf(deps, request, request.params.id));
        return reply.code(202).send(answerOf(asked));
      },
    );

    app.post(
      '/v1/webhooks/:id/deliveries/:deliveryId/redeliver',
      {
        config: { access: 'admin' },
        schema: {
          operationId: 'redeliverToWebhook',
          tags: TAGS,
          summary: 'Send a delivery again: the same bytes under the same webhook-id',
          params: deliveryParams,
          response: { 202: deliveryAsked, ...problems(404, 409) },
        },
      },
      async (request, reply) => {
        const { id, deliveryId } = request.params;
        const asked = await deps.ledger.redeliver(actionOf(deps, request, id), deliveryId);
        return reply.code(202).send(answerOf(asked));
      },
    );
  };
}

function answerOf(asked: DeliveryAsked): { deliveryId: string } {
  if (asked.kind === 'done') return { deliveryId: asked.deliveryId };
  if (asked.kind === 'disabled') throw new Problem('WEBHOOK_DISABLED');
  throw new Problem('NOT_FOUND', 'There is no such webhook or delivery, or not for this key.');
}
