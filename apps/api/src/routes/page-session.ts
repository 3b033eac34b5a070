import { Problem } from '@wsad/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { callerOf } from '../access.ts';
import { instantOf } from '../answers/instant.ts';
import { hashOfKey } from '../api-key.ts';
import { keyCaller } from '../authenticate.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { clearPageCookie, pageTokenOf, setPageCookie } from '../page-cookie.ts';
import { endOfSession, openSession } from '../page-session.ts';
import { refuseForeign } from '../same-origin.ts';
import { noContent, problems } from '../schemas/common.ts';
import { pageLogin, pageSession } from '../schemas/page-session.ts';
import { countWrongKeys, type WrongKeys } from '../wrong-keys.ts';

const TAGS = ['pages'];

/** Logging in on a page with a key, which the browser then need not keep. */
export function pageSessionRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    const wrongKeys = countWrongKeys();

    app.post(
      '/v1/session',
      {
        config: { access: 'public' },
        onRequest: async (request) => refuseForeign(request),
        schema: {
          operationId: 'openPageSession',
          tags: TAGS,
          summary: 'Log in on a page: the answer sets the cookie "wsad_session"',
          description:
            'The cookie is good wherever the key is. It ends after 12 hours without a call, after 7 days, when the key is deleted, or with DELETE. Calls with it that change something need the header "x-wsad-page: 1".',
          body: pageLogin,
          response: { 200: pageSession, ...problems(400, 415, 429) },
        },
      },
      async (request, reply) => {
        const now = deps.clock();
        const caller = await slowedDown(wrongKeys, request.ip, now, () => keyCaller(deps, request.body.key));
        setPageCookie(request, reply, await openSession(deps, caller, now));
        request.apiCaller = caller;
        return sessionAnswer({ ...caller, expiresAt: endOfSession(now, now) });
      },
    );

    app.get(
      '/v1/session',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'pageSession',
          tags: TAGS,
          summary: 'Who is logged in, and what that key may do',
          response: { 200: pageSession, ...problems() },
        },
      },
      async (request) => sessionAnswer(callerOf(request)),
    );

    app.delete(
      '/v1/session',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'closePageSession',
          tags: TAGS,
          summary: 'Log out: the session ends and the cookie goes',
          response: { 204: noContent, ...problems() },
        },
      },
      async (request, reply) => {
        const token = pageTokenOf(request);
        if (token !== null)
          await deps.ledger.closePageSession(hashOfKey(token), callerOf(request).actor, deps.clock());
        clearPageCookie(request, reply);
        return reply.code(204).send();
      },
    );
  };
}

async function slowedDown(
  wrongKeys: WrongKeys,
  address: string,
  now: Date,
  judge: () => Promise<Caller>,
): Promise<Caller> {
  const waitMs = wrongKeys.waitMs(address, now);
  if (waitMs > 0) {
    const waitSeconds = Math.ceil(waitMs / 1000);
    throw new Problem('TOO_MANY_ATTEMPTS', `Wait ${waitSeconds} seconds.`, {
      retryAfterSeconds: waitSeconds,
    });
  }
  return await judge().catch((error: unknown) => {
    if (error instanceof Problem) wrongKeys.note(address, now);
    throw error;
  });
}

function sessionAnswer({ actor, role, sellers, expiresAt }: Caller): z.input<typeof pageSession> {
  return {
    actor,
    role,
    sellers: sellers === 'all' ? sellers : [...sellers],
    expiresAt: instantOf(expiresAt),
  };
}
