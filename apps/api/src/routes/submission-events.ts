import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { callerOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';
import { followProgress } from '../follow-progress.ts';
import { idParams, problems } from '../schemas/common.ts';
import { eventStream, eventStreams } from '../stream-events.ts';
import { submissionOf } from './submissions.ts';

const LOOK_EVERY_MS = 500;

/** A submission's progress as it happens, for as long as somebody reads and the server is up. */
export function submissionEventRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    const stream = eventStreams(app);

    app.get(
      '/v1/submissions/:id/events',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'submissionEvents',
          tags: ['submissions'],
          summary: 'Progress as server-sent events: "progress" at once and on every change, at last "done"',
          params: idParams,
          response: { 200: eventStream('events whose data is the submission'), ...problems(404) },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const { sellers } = callerOf(request);
        const first = await submissionOf(deps, id, sellers);
        const look = () => deps.ledger.submission(id, sellers);
        const everyMs = deps.progressEveryMs ?? LOOK_EVERY_MS;
        return stream(reply, (signal) => followProgress(first, look, { everyMs, signal }));
      },
    );
  };
}
