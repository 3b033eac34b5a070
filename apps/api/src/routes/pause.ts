import { Problem } from '@wsad/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { callerOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';
import { nipParams, noContent, problems } from '../schemas/common.ts';

const TAGS = ['operation'];

/** Stops and starts sending; accepting goes on. Nothing that was begun is broken off. */
export function pauseRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    for (const action of ['pause', 'resume'] as const) {
      app.post(
        `/v1/sellers/:nip/${action}`,
        {
          config: { access: 'submit' },
          schema: {
            operationId: `${action}Seller`,
            tags: TAGS,
            summary:
              action === 'pause' ? 'Stop sending for one seller' : 'Start sending for one seller again',
            params: nipParams,
            response: { 204: noContent, ...problems(400, 404) },
          },
        },
        async (request, reply) => {
          await switchSeller(deps, action, request.params.nip, callerOf(request).actor);
          return reply.code(204).send();
        },
      );
      app.post(
        `/v1/${action}`,
        {
          config: { access: 'administrator' },
          schema: {
            operationId: `${action}All`,
            tags: TAGS,
            summary:
              action === 'pause' ? 'Stop sending for all sellers' : 'Start sending for all sellers again',
            response: { 204: noContent, ...problems() },
          },
        },
        async (request, reply) => {
          const { actor } = callerOf(request);
          if (action === 'pause') await deps.ledger.pauseAll(actor, deps.clock());
          else await deps.ledger.resumeAll(actor, deps.clock());
          return reply.code(204).send();
        },
      );
    }
  };
}

async function switchSeller(
  deps: ApiDeps,
  action: 'pause' | 'resume',
  nip: string,
  actor: string,
): Promise<void> {
  const known =
    action === 'pause'
      ? await deps.ledger.pauseSeller(nip, actor, deps.clock())
      : await deps.ledger.resumeSeller(nip, actor, deps.clock());
  if (!known) throw new Problem('UNKNOWN_SELLER');
}
