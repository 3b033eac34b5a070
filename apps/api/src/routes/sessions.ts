import { Problem } from '@wsad/domain';
import { isUuid } from '@wsad/ledger';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { callerOf, reachableNip } from '../access.ts';
import { sessionAnswer, sessionSummaryAnswer } from '../answers/session-answer.ts';
import { cursorOf, keyOfCursor } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { idParams, problems } from '../schemas/common.ts';
import { session, sessionPage, sessionsQuery } from '../schemas/session.ts';

const TAGS = ['sessions'];

/** Sending sessions: how invoices went, package by package. */
export function sessionRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/sessions',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'listSessions',
          tags: TAGS,
          summary: 'Sending sessions, newest first',
          querystring: sessionsQuery,
          response: { 200: sessionPage, ...problems(400) },
        },
      },
      async (request) => {
        const { cursor, limit, ...filter } = request.query;
        const caller = callerOf(request);
        if (filter.nip !== undefined) reachableNip(deps, caller, filter.nip);
        const after = keyOfCursor(cursor, isUuid);
        const page = await deps.ledger.sessionsPage(filter, caller.sellers, after, limit);
        return { items: page.items.map(sessionSummaryAnswer), nextCursor: cursorOf(page.nextCursor) };
      },
    );

    app.get(
      '/v1/sessions/:id',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'session',
          tags: TAGS,
          summary: 'One sending session with its parts, receipts and events',
          params: idParams,
          response: { 200: session, ...problems(404) },
        },
      },
      async (request) => {
        const record = await deps.ledger.session(request.params.id, callerOf(request).sellers);
        if (record === null) throw new Problem('NOT_FOUND', 'There is no such session.');
        return sessionAnswer(record);
      },
    );
  };
}
