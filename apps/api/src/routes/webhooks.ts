import { Problem } from '@wsad/domain';
import type { WebhookAction, WebhookChange } from '@wsad/ledger';
import { urlRefusal } from '@wsad/webhooks';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { callerOf, reachableNip } from '../access.ts';
import { webhookAnswer } from '../answers/webhook-answer.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { idParams, noContent, problems } from '../schemas/common.ts';
import {
  createdWebhook,
  newWebhook,
  rotatedWebhook,
  webhookChange,
  webhookList,
  webhookAnswer as webhookSchema,
} from '../schemas/webhooks.ts';

export const TAGS = ['webhooks'];
const ONE = '/v1/webhooks/:id';

/** Webhooks, for those who administer all of their sellers. */
export function webhookRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/webhooks',
      {
        config: { access: 'admin' },
        schema: {
          operationId: 'createWebhook',
          tags: TAGS,
          summary: 'Make a webhook; its secret is shown this once',
          body: newWebhook,
          response: { 201: createdWebhook, ...problems(400, 415) },
        },
      },
      async (request, reply) => {
        const caller = callerOf(request);
        allow(deps, caller, request.body);
        const made = await deps.ledger.createWebhook(request.body, caller.actor, deps.clock());
        return reply.code(201).send(made);
      },
    );

    app.get(
      '/v1/webhooks',
      {
        config: { access: 'admin' },
        schema: {
          operationId: 'listWebhooks',
          tags: TAGS,
          summary: 'Webhooks, without their secrets',
          response: { 200: webhookList, ...problems() },
        },
      },
      async (request) => {
        const hooks = await deps.ledger.listWebhooks(callerOf(request).sellers);
        return { items: hooks.map((hook) => webhookAnswer(hook, deps.clock())) };
      },
    );

    app.get(
      ONE,
      {
        config: { access: 'admin' },
        schema: {
          operationId: 'webhook',
          tags: TAGS,
          summary: 'A webhook and how it fares',
          params: idParams,
          response: { 200: webhookSchema, ...problems(404) },
        },
      },
      async (request) => {
        const hook = await deps.ledger.webhook(request.params.id, callerOf(request).sellers);
        return webhookAnswer(hook ?? noWebhook(), deps.clock());
      },
    );

    app.patch(
      ONE,
      {
        config: { access: 'admin' },
        schema: {
          operationId: 'changeWebhook',
          tags: TAGS,
          summary: 'Change a webhook, disable it, or enable it again',
          params: idParams,
          body: webhookChange,
          response: { 200: webhookSchema, ...problems(400, 404, 409, 415) },
        },
      },
      async (request) => {
        allow(deps, callerOf(request), request.body);
        const action = actionOf(deps, request, request.params.id);
        const hook = await deps.ledger.changeWebhook(action, given(request.body));
        if (hook === 'noSecret')
          throw new Problem('WEBHOOK_DISABLED', 'Its secret was lost with the vault key: rotate it first.');
        return webhookAnswer(hook ?? noWebhook(), deps.clock());
      },
    );

    app.delete(
      ONE,
      {
        config: { access: 'admin' },
        schema: {
          operationId: 'deleteWebhook',
          tags: TAGS,
          summary: 'Delete a webhook, with what was still to be delivered',
          params: idParams,
          response: { 204: noContent, ...problems(404) },
        },
      },
      async (request, reply) => {
        const deleted = await deps.ledger.deleteWebhook(actionOf(deps, request, request.params.id));
        if (!deleted) noWebhook();
        return reply.code(204).send();
      },
    );

    app.post(
      `${ONE}/rotate`,
      {
        config: { access: 'admin' },
        schema: {
          operationId: 'rotateWebhookSecret',
          tags: TAGS,
          summary: 'A new secret, shown this once; the one before signs beside it for a day',
          params: idParams,
          response: { 200: rotatedWebhook, ...problems(404) },
        },
      },
      async (request) => {
        const rotated = await deps.ledger.rotateWebhookSecret(actionOf(deps, request, request.params.id));
        const { secret, earlierUntil } = rotated ?? noWebhook();
        return { secret, earlierUntil: earlierUntil.toISOString() };
      },
    );
  };
}

export function noWebhook(): never {
  throw new Problem('NOT_FOUND', 'There is no such webhook, or not for this key.');
}

export function actionOf(deps: ApiDeps, request: FastifyRequest, id: string): WebhookAction {
  const { actor, sellers } = callerOf(request);
  return { id, actor, sellers, now: deps.clock() };
}

function allow(deps: ApiDeps, caller: Caller, { url, sellers }: z.output<typeof webhookChange>): void {
  const refusal = url === undefined ? null : urlRefusal(url, deps.webhookHosts ?? []);
  if (refusal !== null) throw new Problem('INVALID_WEBHOOK', `The address ${refusal}.`);
  if (sellers === 'all' && caller.sellers !== 'all')
    throw new Problem('FORBIDDEN', 'This key is not for all sellers: name those of the webhook.');
  if (sellers !== undefined && sellers !== 'all') for (const nip of sellers) reachableNip(deps, caller, nip);
}

/** Only what the body names. */
function given({ url, description, events, sellers, active }: z.output<typeof webhookChange>): WebhookChange {
  return {
    ...(url !== undefined && { url }),
    ...(description !== undefined && { description }),
    ...(events !== undefined && { events }),
    ...(sellers !== undefined && { sellers }),
    ...(active !== undefined && { active }),
  };
}
