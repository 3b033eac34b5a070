import { createBullBoard } from '@bull-board/api';
import { FastifyAdapter } from '@bull-board/fastify';
import { Problem } from '@wsad/domain';
import type { FastifyInstance } from 'fastify';
import { bearerOrBasicCaller } from './authenticate.ts';
import { mayAccess } from './caller.ts';
import type { ApiDeps } from './deps.ts';

export const QUEUE_BOARD_PATH = '/admin/queues';

/** Bull Board, for administrators: by bearer key, or by the key as password where a browser asks. */
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
    scope.addHook('onRequest', async (request, reply) => {
      reply.header('www-authenticate', 'Basic realm="wsad administrators", charset="UTF-8"');
      const caller = await bearerOrBasicCaller(deps, request);
      if (!mayAccess(caller, 'administrator')) throw new Problem('FORBIDDEN');
      reply.removeHeader('www-authenticate');
    });
    await scope.register(adapter.registerPlugin(), { prefix: QUEUE_BOARD_PATH });
  });
}
