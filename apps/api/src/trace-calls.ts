/** A span for every call that a key is asked for; health checks and pages would be most of all and tell nothing. */
import { type Serving, serve } from '@wsad/telemetry';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { accessOf } from './access.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null where no span is kept. */
    serving: Serving | null;
  }
}

export function traceCalls(app: FastifyInstance): void {
  app.decorateRequest('serving', null);
  app.addHook('onRequest', (request, _reply, done) => {
    request.serving = isTold(request) ? serve(callOf(request)) : null;
    if (request.serving === null) done();
    else request.serving.run(done);
  });
  app.addHook('onResponse', async (request, reply) => request.serving?.answered(reply.statusCode));
  app.addHook('onRequestAbort', async (request) => request.serving?.aborted());
}

function isTold({ is404, routeOptions }: FastifyRequest): boolean {
  return !is404 && routeOptions.url !== undefined && accessOf(routeOptions.config) !== 'public';
}

function callOf({ method, routeOptions, protocol, id, headers }: FastifyRequest) {
  return { method, route: routeOptions.url ?? '', scheme: protocol, requestId: id, headers };
}
