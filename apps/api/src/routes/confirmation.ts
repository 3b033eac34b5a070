import { Problem } from '@wsad/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { callerOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';
import { idParams, problems } from '../schemas/common.ts';
import { confirmation } from '../schemas/invoice.ts';

const RETRY_AFTER_S = 2;

const pending = z.object({ status: z.literal('pending') });

/** An invoice fetched back from KSeF and compared: by a job, since this process never calls KSeF. */
export function confirmationRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/invoices/:id/confirmation',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'invoiceConfirmation',
          tags: ['invoices'],
          summary: 'Whether KSeF has the very bytes that were handed in',
          description:
            'The invoice is fetched back from KSeF by its number, once, when first asked for. KSeF allows 64 such calls an hour, so ask for the few that matter.',
          params: idParams,
          response: {
            200: confirmation,
            202: pending.describe('not there yet: ask again after Retry-After seconds'),
            ...problems(404, 409),
          },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const answer = await deps.ledger.confirmation(id, callerOf(request).sellers, deps.clock());
        if (answer === null) throw new Problem('NOT_FOUND', 'There is no such invoice.');
        if (answer.kind === 'none')
          throw new Problem('CONFIRMATION_NOT_AVAILABLE', `The invoice is ${answer.state}.`);
        if (answer.kind === 'refused') throw new Problem('CONFIRMATION_NOT_AVAILABLE', answer.why);
        if (answer.kind === 'ready') {
          const { confirmedAt, matches, ksefNumber, ownSha256, ksefSha256 } = answer;
          const told = { matches, ksefNumber, sha256: ownSha256, ksefSha256 };
          return reply.code(200).send({ confirmedAt: confirmedAt.toISOString(), ...told });
        }
        void deps.doorbell.confirmation(id).catch(() => {});
        reply.header('retry-after', RETRY_AFTER_S);
        return reply.code(202).send({ status: 'pending' });
      },
    );
  };
}
