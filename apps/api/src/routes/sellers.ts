import { isNip, Problem } from '@wsad/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { callerOf } from '../access.ts';
import { sellerStatusAnswer } from '../answers/seller-status-answer.ts';
import { cursorOf, keyOfCursor } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { nipParams, pageQuery, problems } from '../schemas/common.ts';
import { sellerPage, sellerStatus } from '../schemas/seller-status.ts';

const TAGS = ['sellers'];

/** Who sends through here, and is each ready. */
export function sellerRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/sellers',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'listSellers',
          tags: TAGS,
          summary: 'The sellers this key is for, by NIP',
          querystring: pageQuery,
          response: { 200: sellerPage, ...problems(400) },
        },
      },
      async (request) => {
        const { cursor, limit } = request.query;
        const { sellers } = callerOf(request);
        const page = await deps.ledger.sellersPage(sellers, keyOfCursor(cursor, isNip), limit);
        const items = page.items.map(({ nip, paused, createdAt }) => ({
          nip,
          paused,
          createdAt: createdAt.toISOString(),
        }));
        return { items, nextCursor: cursorOf(page.nextCursor) };
      },
    );

    app.get(
      '/v1/sellers/:nip/status',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'sellerStatus',
          tags: TAGS,
          summary: 'Login, connection, what waits, and limits of one seller',
          params: nipParams,
          response: { 200: sellerStatus, ...problems(400, 404) },
        },
      },
      async (request) => {
        const now = deps.clock();
        const status = await deps.ledger.sellerStatus(request.params.nip, now);
        if (status === null) throw new Problem('UNKNOWN_SELLER');
        return sellerStatusAnswer(status, now);
      },
    );
  };
}
