import { createBullBoard } from '@bull-board/api';
import { FastifyAdapter } from '@bull-board/fastify';
import { Problem } from '@wsad/domain';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { boardCaller } from './authenticate.ts';
import { mayAccess } from './caller.ts';
import type { ApiDeps } from './deps.ts';
import { problemOf, sendProblem } from './problem-handler.ts';

export const QUEUE_BOARD_PATH = '/admin/queues';

/** The board's page asks for a font of a stranger's server; it gets nothing from outside. */
const CSP =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

/** Bull Board, for administrators: by bearer key, by the cookie of a page, or by the key as password where a browser asks. */
export async function serveQueueBoard(app: FastifyInstance, deps: ApiDeps): Promise<void> {
  const adapter = new FastifyAdapter().setBasePath(QUEUE_BOARD_PATH);
  createBullBoard({
    queues: deps.board,
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'wsad' } },
  });
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'own' };
    });
    scope.addHook('onRequest', (request, reply) => admit(deps, request, reply));
    await scope.register(adapter.registerPlugin(), { prefix: QUEUE_BOARD_PATH });
  });
}

/** Answers by itself: the board's own error handler would hide why. */
async function admit(
  deps: ApiDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  reply.header('content-security-policy', CSP);
  try {
    const caller = await boardCaller(deps, request);
    if (!mayAccess(caller, 'administrator')) throw new Problem('FORBIDDEN');
    request.apiCaller = caller;
    return undefined;
  } catch (error) {
    reply.header('www-authenticate', 'Basic realm="wsad administrators", charset="UTF-8"');
    sendProblem(request, reply, problemOf(error));
    return reply;
  }
}
