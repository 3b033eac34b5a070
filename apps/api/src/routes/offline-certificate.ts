import { Problem } from '@wsad/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { callerOf } from '../access.ts';
import { certificateAnswer } from '../answers/certificate-answer.ts';
import type { ApiDeps } from '../deps.ts';
import { openedCertificate } from '../opened-certificate.ts';
import { nipParams, noContent, problems } from '../schemas/common.ts';
import { certificateFacts, offlineCertificate } from '../schemas/credentials.ts';
import { refuseInvalidCredentials } from './credentials.ts';

const TAGS = ['credentials'];
const PATH = '/v1/sellers/:nip/offline-certificate';
const NONE = 'This seller has no Offline certificate.';

/** The certificate that signs KOD II of a seller's offline invoices: put, told of, deleted; its key never comes back. */
export function offlineCertificateRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.put(
      PATH,
      {
        config: { access: 'admin' },
        attachValidation: true,
        schema: {
          operationId: 'putOfflineCertificate',
          tags: TAGS,
          summary: 'Set or replace the Offline certificate of a seller, which signs KOD II',
          params: nipParams,
          body: offlineCertificate,
          response: { 204: noContent, ...problems(400, 415) },
        },
      },
      async (request, reply) => {
        refuseInvalidCredentials(request);
        const now = deps.clock();
        const { nip } = request.params;
        const { facts, ...secret } = openedCertificate(request.body, 'offline', now);
        const { actor } = callerOf(request);
        await deps.ledger.putOfflineCertificate({ nip, secret, facts, actor, now });
        return reply.code(204).send();
      },
    );

    app.get(
      PATH,
      {
        config: { access: 'read' },
        schema: {
          operationId: 'offlineCertificate',
          tags: TAGS,
          summary: 'Whose the Offline certificate of a seller is, and until when',
          params: nipParams,
          response: { 200: certificateFacts, ...problems(400, 404) },
        },
      },
      async (request) => {
        const certificate = await deps.ledger.offlineCertificate(request.params.nip);
        if (certificate === null) throw new Problem('NOT_FOUND', NONE);
        return certificateAnswer(certificate.facts, deps.clock());
      },
    );

    app.delete(
      PATH,
      {
        config: { access: 'admin' },
        schema: {
          operationId: 'deleteOfflineCertificate',
          tags: TAGS,
          summary: 'Delete the Offline certificate of a seller and its key',
          params: nipParams,
          response: { 204: noContent, ...problems(400, 404) },
        },
      },
      async (request, reply) => {
        const { nip } = request.params;
        const { actor } = callerOf(request);
        const deleted = await deps.ledger.deleteOfflineCertificate({ nip, actor, now: deps.clock() });
        if (!deleted) throw new Problem('NOT_FOUND', NONE);
        return reply.code(204).send();
      },
    );
  };
}
