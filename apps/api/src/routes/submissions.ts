import { Readable } from 'node:stream';
import { Problem } from '@wsad/domain';
import type { SubmissionRecord } from '@wsad/ledger';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { callerOf } from '../access.ts';
import { submissionAnswer } from '../answers/submission-answer.ts';
import type { Sellers } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { reportLines } from '../report.ts';
import { idParams, problems } from '../schemas/common.ts';
import { submission } from '../schemas/submission.ts';
import { sendAsIs } from '../send-as-is.ts';

const TAGS = ['submissions'];

/** What became of one call's invoices: now, and as a list. */
export function submissionRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/submissions/:id',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'submission',
          tags: TAGS,
          summary: 'How far the invoices of one call are',
          params: idParams,
          response: { 200: submission, ...problems(404) },
        },
      },
      async (request) =>
        submissionAnswer(await submissionOf(deps, request.params.id, callerOf(request).sellers)),
    );

    app.get(
      '/v1/submissions/:id/report.csv',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'submissionReport',
          tags: TAGS,
          summary: 'The result list, one line per invoice in the order given',
          params: idParams,
          response: {
            200: { description: 'CSV (RFC 4180, UTF-8)', content: { 'text/csv': { schema: z.string() } } },
            ...problems(404),
          },
        },
      },
      async (request, reply) => {
        const { id } = await submissionOf(deps, request.params.id, callerOf(request).sellers);
        reply.header('content-disposition', `attachment; filename="report-${id}.csv"`);
        const lines = Readable.from(reportLines(deps.ledger.submissionReport(id)));
        return sendAsIs(reply, 200, 'text/csv; charset=utf-8; header=present', lines);
      },
    );
  };
}

/** Somebody else's submission is not here. */
export async function submissionOf(deps: ApiDeps, id: string, sellers: Sellers): Promise<SubmissionRecord> {
  const record = await deps.ledger.submission(id, sellers);
  if (record === null) throw new Problem('NOT_FOUND', 'There is no such submission.');
  return record;
}
