/** A span for every call that a key is asked for; health checks and pages would be most of all and tell nothing. */
import { type Serving, serve } from '@wsad/telemetry';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { accessOf } from './access.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null where no span is kept. */
    traced: { readonly serving: Serving; readonly reply: FastifyReply } | null;
  }
}

/** After whoever guards access: nobody without a key has spans kept, or says which trace they belong to. */
export function traceCalls(app: FastifyInstance): void {
  app.decorateRequest('traced', null);
  app.addHook('onRequest', (request, reply, done) => {
    request.traced = isTold(request) ? { serving: serve(callOf(request)), reply } : null;
    if (request.traced === null) done();
    else request.traced.serving.run(done);
  });
  app.addHook('onResponse', async ({ traced }, { statusCode }) => traced?.serving.answered(statusCode));
  app.addHook('onRequestAbort', async ({ traced }) => {
    const { headersSent, statusCode } = traced?.reply.raw ?? {};
    traced?.serving.aborted(headersSent === true && statusCode !== undefined ? statusCode : null);
  });
}

function isTold({ is404, routeOptions }: FastifyRequest): boolean {
  return !is404 && routeOptions.url !== undefined && accessOf(routeOptions.config) !== 'public';
}

function callOf({ method, routeOptions, protocol, id, headers }: FastifyRequest) {
  return { method, route: routeOptions.url ?? '', scheme: protocol, requestId: id, headers };
}
