import { Problem } from '@wsad/domain';
import type { AuthSessionsAnswer } from '@wsad/ledger';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { callerOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';
import { authSessionList, loginStarted, referenceParams, stillPending } from '../schemas/auth-sessions.ts';
import { flag, isSet, nipParams, noContent, problems } from '../schemas/common.ts';

const TAGS = ['authentication'];
const RETRY_AFTER_S = 2;

/** A seller's authentication sessions at KSeF. Jobs ask KSeF, since this process never calls it. */
export function authSessionRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/sellers/:nip/auth-sessions',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'listAuthSessions',
          tags: TAGS,
          summary: 'The active authentication sessions of the seller at KSeF, as KSeF last named them',
          description:
            'Fetched when first asked for, and anew after a login; "fetchedAt" says when. KSeF allows 120 such calls an hour. KSeF does not name the context of a session: with shared credentials there may be some among them that they opened for other sellers.',
          params: nipParams,
          querystring: z.object({
            refresh: flag.describe('true: no older than ten seconds; the bare name means true'),
          }),
          response: { 200: authSessionList, 202: stillPending, ...problems(400, 404, 409) },
        },
      },
      async (request, reply) => {
        const { nip } = request.params;
        const answer = await deps.ledger.authSessions(nip, isSet(request.query.refresh), deps.clock());
        if (answer === null) throw new Problem('UNKNOWN_SELLER');
        if (answer.kind === 'refused') throw new Problem('AUTH_SESSIONS_NOT_AVAILABLE', answer.why);
        if (answer.kind === 'pending') return pending(deps, reply, nip);
        return reply.code(200).send(listOf(answer));
      },
    );

    app.delete(
      '/v1/sellers/:nip/auth-sessions/:reference',
      {
        config: { access: 'admin' },
        schema: {
          operationId: 'revokeAuthSession',
          tags: TAGS,
          summary: 'Revoke an authentication session at KSeF; "current" is the one that wsad uses',
          description:
            'Repeat the call after Retry-After seconds until it answers 204. wsad logs in anew by itself when it next has to, also for another seller whose session it was, which shared credentials may have opened.',
          params: referenceParams,
          response: { 202: stillPending, 204: noContent, ...problems(400, 404, 409) },
        },
      },
      async (request, reply) => {
        const { nip, reference } = request.params;
        const { actor } = callerOf(request);
        const answer = await deps.ledger.revokeAuthSession(nip, reference, actor, deps.clock());
        if (answer === null) throw new Problem('UNKNOWN_SELLER');
        if (answer.kind === 'refused') throw new Problem('AUTH_SESSIONS_NOT_AVAILABLE', answer.why);
        if (answer.kind === 'pending') return pending(deps, reply, nip);
        return reply.code(204).send();
      },
    );

    app.post(
      '/v1/sellers/:nip/login',
      {
        config: { access: 'admin' },
        schema: {
          operationId: 'loginSeller',
          tags: TAGS,
          summary: 'Log the seller in at KSeF now, from the start, so that its permissions are read anew',
          params: nipParams,
          response: { 202: loginStarted, ...problems(400, 404) },
        },
      },
      async (request, reply) => {
        const { nip } = request.params;
        if (!(await deps.ledger.askLogin(nip, callerOf(request).actor, deps.clock())))
          throw new Problem('UNKNOWN_SELLER');
        void deps.doorbell.login(nip).catch(() => {});
        return reply.code(202).send({ status: `/v1/sellers/${nip}/status` });
      },
    );
  };
}

function pending(deps: ApiDeps, reply: FastifyReply, nip: string) {
  void deps.doorbell.authSessions(nip).catch(() => {});
  reply.header('retry-after', RETRY_AFTER_S);
  return reply.code(202).send({ status: 'pending' });
}

function listOf({ sessions, fetchedAt }: Extract<AuthSessionsAnswer, { kind: 'ready' }>) {
  return {
    fetchedAt: fetchedAt.toISOString(),
    items: sessions.map(({ startedAt, refreshUntil, ...session }) => ({
      ...session,
      startedAt: startedAt.toISOString(),
      refreshUntil: refreshUntil?.toISOString() ?? null,
    })),
  };
}
