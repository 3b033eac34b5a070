import { isNip, Problem } from '@wsad/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { callerOf } from '../access.ts';
import { sellerStatusAnswer, sellerSummaryAnswer } from '../answers/seller-status-answer.ts';
import type { Caller } from '../caller.ts';
import { cursorOf, keyOfCursor } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { nipParams, problems } from '../schemas/common.ts';
import { sellerPage, sellerStatus, sellersQuery } from '../schemas/seller-status.ts';

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
          querystring: sellersQuery,
          response: { 200: sellerPage, ...problems(400) },
        },
      },
      async (request) => {
        const { items, last } = await sellersFound(deps, callerOf(request), request.query);
        return { items, nextCursor: cursorOf(last) };
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

/** However few are as asked for, so many sellers at most are looked at in one call. */
const LOOKED_AT_MAX = 5_000;

/** A page of those that are as asked for; `last` is the NIP after which the next one begins. */
async function sellersFound(
  deps: ApiDeps,
  { sellers }: Caller,
  { cursor, limit, query = '', ready }: z.output<typeof sellersQuery>,
) {
  const now = deps.clock();
  const items: ReturnType<typeof sellerSummaryAnswer>[] = [];
  let last = keyOfCursor(cursor, isNip);
  for (let lookedAt = 0; lookedAt < LOOKED_AT_MAX; lookedAt += limit) {
    const page = await deps.ledger.sellersPage(sellers, last, limit, now, query);
    for (const record of page.items) {
      const item = sellerSummaryAnswer(record);
      if (ready === undefined || String(item.ready) === ready) items.push(item);
      if (items.length === limit)
        return { items, last: record === page.items.at(-1) ? page.nextCursor : record.nip };
    }
    last = page.nextCursor;
    if (last === null) break;
  }
  return { items, last };
}
