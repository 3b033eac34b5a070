import { Problem } from '@wsad/domain';
import type { NewLoginSecret, Released } from '@wsad/ledger';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { callerOf } from '../access.ts';
import { type Caller, mayAccess } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { openedCertificate } from '../opened-certificate.ts';
import { validationProblem } from '../request-faults.ts';
import { nipParams, noContent, problems } from '../schemas/common.ts';
import { sellerCredentials, sharedCredentials, sharedNameParams } from '../schemas/credentials.ts';

const TAGS = ['credentials'];

/** Putting credentials, never reading them. New ones release what was held for want of them. */
export function credentialRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.put(
      '/v1/sellers/:nip/credentials',
      {
        config: { access: 'admin' },
        attachValidation: true,
        schema: {
          operationId: 'putSellerCredentials',
          tags: TAGS,
          summary: 'Set or replace the credentials of a seller',
          description:
            'Creates the seller where new. Credentials can never be read again. Only a key for all sellers lets a seller use shared credentials.',
          params: nipParams,
          body: sellerCredentials,
          response: { 204: noContent, ...problems(400, 404, 415) },
        },
      },
      async (request, reply) => {
        refuseInvalidCredentials(request);
        const { nip } = request.params;
        const caller = callerOf(request);
        if (request.body.type === 'shared') refuseUnlessAdministrator(caller);
        const released = await putForSeller(deps, nip, request.body, caller.actor);
        ring(deps, [nip], released);
        return reply.code(204).send();
      },
    );

    app.put(
      '/v1/credentials/:name',
      {
        config: { access: 'administrator' },
        attachValidation: true,
        schema: {
          operationId: 'putSharedCredentials',
          tags: TAGS,
          summary: 'Set or replace credentials that serve many sellers',
          params: sharedNameParams,
          body: sharedCredentials,
          response: { 204: noContent, ...problems(400, 415) },
        },
      },
      async (request, reply) => {
        refuseInvalidCredentials(request);
        const now = deps.clock();
        const secret = secretOf(request.body, now);
        const owner = { sharedName: request.params.name };
        const { actor } = callerOf(request);
        const released = await deps.ledger.putCredentials({ owner, secret, actor, now });
        ring(deps, [], released);
        return reply.code(204).send();
      },
    );
  };
}

/** Shared credentials act for many: whose key is for some sellers alone cannot help itself to them by their name. */
function refuseUnlessAdministrator(caller: Caller): void {
  if (!mayAccess(caller, 'administrator'))
    throw new Problem('FORBIDDEN', 'Only a key for all sellers lets a seller use shared credentials.');
}

async function putForSeller(
  deps: ApiDeps,
  nip: string,
  body: z.output<typeof sellerCredentials>,
  actor: string,
): Promise<Released> {
  const now = deps.clock();
  if (body.type !== 'shared')
    return await deps.ledger.putCredentials({ owner: { nip }, secret: secretOf(body, now), actor, now });
  const released = await deps.ledger.bindSharedCredentials({ nip, sharedName: body.name, actor, now });
  if (released === null) throw new Problem('UNKNOWN_SHARED_CREDENTIALS');
  return released;
}

function secretOf(body: z.output<typeof sharedCredentials>, now: Date): NewLoginSecret {
  if (body.type === 'ksefToken') return { type: body.type, token: body.token };
  return { type: body.type, ...openedCertificate(body, 'login', now) };
}

function ring(deps: ApiDeps, nips: readonly string[], { lanes }: Released): void {
  for (const nip of new Set([...nips, ...lanes.map((lane) => lane.nip)]))
    void deps.doorbell.login(nip).catch(() => {});
  for (const lane of lanes) void deps.doorbell.dispatch(lane).catch(() => {});
}

/** Zod names what is wrong by place and kind alone, so that no secret comes back in a message. */
export function refuseInvalidCredentials({ validationError: error }: FastifyRequest): void {
  if (error === undefined) return;
  const problem = validationProblem(error);
  if (error.validationContext !== 'body') throw problem;
  throw new Problem('INVALID_CREDENTIALS', problem.message, problem.extra);
}
