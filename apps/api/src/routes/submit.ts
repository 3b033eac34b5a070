import multipart from '@fastify/multipart';
import { correctionReference, Problem } from '@wsad/domain';
import { traceParent } from '@wsad/telemetry';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { validatorCompiler } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { callerOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';
import { submit } from '../intake/submit.ts';
import { mediaTypeOfAnswer } from '../intake/submit-answer.ts';
import { PROBLEM_MEDIA_TYPE } from '../problem-body.ts';
import { isSet, nipParams, problems } from '../schemas/common.ts';
import { allRefused, submitBodies, submitHeaders, submitQuery, submitted } from '../schemas/submit.ts';
import { sendAsIs } from '../send-as-is.ts';

const DESCRIPTION = `Every invoice is checked before it is accepted. A bad one is refused alone, with every reason, and never stops its neighbours. 202 is answered once all accepted ones are durable. The same bytes again answer the invoice that is here already. At most 20,000 invoices or 256 MB a call, also when unpacked.`;

/** The one route whose body is read as a stream, by the intake and not by Fastify. */
export function submitRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.setValidatorCompiler<z.ZodType>((part) =>
      part.httpPart === 'body' ? () => true : validatorCompiler(part),
    );
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      ['application/xml', 'text/xml', 'application/json', 'application/zip', 'application/x-zip-compressed'],
      (_request, _payload, done) => done(null),
    );
    await app.register(multipart, { throwFileSizeLimit: false });
    app.addContentTypeParser('*', (_request, _payload, done) => done(new Problem('UNSUPPORTED_MEDIA_TYPE')));

    app.post(
      '/v1/sellers/:nip/invoices',
      {
        config: { access: 'submit' },
        schema: {
          operationId: 'submitInvoices',
          tags: ['invoices'],
          summary: 'Hand in invoices',
          description: DESCRIPTION,
          params: nipParams,
          querystring: submitQuery,
          headers: submitHeaders,
          body: { content: contents(submitBodies) },
          response: {
            202: submitted,
            ...problems(400, 409, 413, 415),
            422: {
              description:
                'Every invoice was refused, or the Idempotency-Key came before with other invoices',
              content: { [PROBLEM_MEDIA_TYPE]: { schema: allRefused } },
            },
          },
        },
      },
      async (request, reply) => {
        const answer = await submit(deps, request, {
          nip: request.params.nip,
          mode: isSet(request.query.offline) ? 'offline' : 'online',
          urgent: isSet(request.query.urgent),
          onBehalf: isSet(request.query.onBehalf),
          correctionOf: correctionReference(request.query.correctionOf ?? ''),
          idempotencyKey: request.headers['idempotency-key'] ?? null,
          actor: callerOf(request).actor,
          origin: { requestId: request.id, traceParent: traceParent() },
        });
        return sendAsIs(reply, answer.status, mediaTypeOfAnswer(answer.status), answer.body);
      },
    );
  };
}

function contents(bodies: typeof submitBodies) {
  return Object.fromEntries(Object.entries(bodies).map(([type, schema]) => [type, { schema }]));
}
