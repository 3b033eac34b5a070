import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDeps } from '../deps.ts';
import { problems } from '../schemas/common.ts';
import { sendAsIs } from '../send-as-is.ts';

const readiness = z.object({ status: z.literal('ready'), queue: z.enum(['up', 'down']) });

/** Is the process alive, can it take invoices, and what has it counted. */
export function healthRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/healthz',
      {
        config: { access: 'public' },
        schema: {
          operationId: 'liveness',
          tags: ['operation'],
          summary: 'Is the process alive',
          response: { 200: z.object({ status: z.literal('ok') }) },
        },
      },
      async () => ({ status: 'ok' as const }),
    );
    app.get(
      '/readyz',
      {
        config: { access: 'public' },
        schema: {
          operationId: 'readiness',
          tags: ['operation'],
          summary: 'Can it take invoices: is the ledger there. Without its queue it takes them all the same',
          response: { 200: readiness, 503: problems()[503] },
        },
      },
      async () => {
        await deps.ledger.ping();
        return { status: 'ready' as const, queue: (await deps.queueAnswers()) ? 'up' : 'down' } as const;
      },
    );
    app.get(
      '/metrics',
      {
        // Open like the health checks, as Prometheus expects: totals only, no seller is named.
        config: { access: 'public' },
        schema: {
          operationId: 'metrics',
          tags: ['operation'],
          summary: 'Prometheus metrics',
          response: {
            200: { description: 'metrics', content: { 'text/plain': { schema: z.string() } } },
          },
        },
      },
      async (_request, reply) => {
        const text = await deps.telemetry.metrics();
        return sendAsIs(reply, 200, deps.telemetry.contentType, text);
      },
    );
  };
}
