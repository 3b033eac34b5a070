import { Problem } from '@wsad/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { callerOf, reachableNip } from '../access.ts';
import type { ApiDeps } from '../deps.ts';
import { idParams, noContent, problems } from '../schemas/common.ts';
import { createdKey, keyList, newKey } from '../schemas/keys.ts';

const TAGS = ['keys'];

/** API keys, for administrators of all sellers. */
export function keyRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/keys',
      {
        config: { access: 'administrator' },
        schema: {
          operationId: 'createKey',
          tags: TAGS,
          summary: 'Make an API key; it is shown this once',
          body: newKey,
          response: { 201: createdKey, ...problems(400, 415) },
        },
      },
      async (request, reply) => {
        const { name, role, sellers } = request.body;
        const caller = callerOf(request);
        if (sellers !== 'all') for (const nip of sellers) reachableNip(deps, caller, nip);
        const wanted = { name, role, sellers, actor: caller.actor, now: deps.clock() };
        return reply.code(201).send(await deps.ledger.createApiKey(wanted));
      },
    );

    app.get(
      '/v1/keys',
      {
        config: { access: 'administrator' },
        schema: {
          operationId: 'listKeys',
          tags: TAGS,
          summary: 'API keys, without the keys themselves',
          response: { 200: keyList, ...problems() },
        },
      },
      async () => {
        const keys = await deps.ledger.listApiKeys();
        const items = keys.map(({ id, name, role, sellers, createdAt }) => ({
          id,
          name,
          role,
          sellers: sellers === 'all' ? sellers : [...sellers],
          createdAt: createdAt.toISOString(),
        }));
        return { items };
      },
    );

    app.delete(
      '/v1/keys/:id',
      {
        config: { access: 'administrator' },
        schema: {
          operationId: 'deleteKey',
          tags: TAGS,
          summary: 'Delete an API key: it stops working at once',
          params: idParams,
          response: { 204: noContent, ...problems(404) },
        },
      },
      async (request, reply) => {
        const deleted = await deps.ledger.deleteApiKey(
          request.params.id,
          callerOf(request).actor,
          deps.clock(),
        );
        if (!deleted) throw new Problem('NOT_FOUND', 'There is no such key.');
        return reply.code(204).send();
      },
    );
  };
}
