import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { callerOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';
import { followProgress } from '../follow-progress.ts';
import { idParams, problems } from '../schemas/common.ts';
import { sendAsIs } from '../send-as-is.ts';
import { submissionOf } from './submissions.ts';

/** A submission's progress as it happens, for as long as somebody reads and the server is up. */
export function submissionEventRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    const closing = new AbortController();
    app.addHook('preClose', async () => closing.abort());

    app.get(
      '/v1/submissions/:id/events',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'submissionEvents',
          tags: ['submissions'],
          summary: 'Progress as server-sent events: "progress" at once and on every change, at last "done"',
          params: idParams,
          response: {
            200: {
              description: 'events whose data is the submission',
              content: { 'text/event-stream': { schema: z.string() } },
            },
            ...problems(404),
          },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const { sellers } = callerOf(request);
        const first = await submissionOf(deps, id, sellers);
        const gone = new AbortController();
        reply.raw.once('close', () => gone.abort());
        const events = followProgress(
          first,
          () => deps.ledger.submission(id, sellers),
          deps.progressEveryMs,
          AbortSignal.any([gone.signal, closing.signal]),
        );
        reply.headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
        return sendAsIs(reply, 200, 'text/event-stream; charset=utf-8', Readable.from(events));
      },
    );
  };
}
