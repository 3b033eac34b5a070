import { Readable } from 'node:stream';
import { Problem } from '@wsad/domain';
import { isUuid, type SubmissionRecord } from '@wsad/ledger';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { callerOf, reachableNip } from '../access.ts';
import { submissionAnswer, submissionSummaryAnswer } from '../answers/submission-answer.ts';
import type { Sellers } from '../caller.ts';
import { cursorOf, keyOfCursor } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { reportLines, reportRows } from '../report.ts';
import { idParams, problems } from '../schemas/common.ts';
import { submission, submissionPage, submissionsQuery } from '../schemas/submission.ts';
import { sendAsIs } from '../send-as-is.ts';
import { workbook, XLSX_MEDIA_TYPE } from '../xlsx.ts';

const TAGS = ['submissions'];

/** What became of one call's invoices: now, and as a list. */
export function submissionRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/submissions',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'listSubmissions',
          tags: TAGS,
          summary: 'Submissions, newest first',
          querystring: submissionsQuery,
          response: { 200: submissionPage, ...problems(400) },
        },
      },
      async (request) => {
        const { cursor, limit, ...filter } = request.query;
        const caller = callerOf(request);
        if (filter.nip !== undefined) reachableNip(deps, caller, filter.nip);
        const after = keyOfCursor(cursor, isUuid);
        const page = await deps.ledger.submissionsPage(filter, caller.sellers, after, limit);
        return { items: page.items.map(submissionSummaryAnswer), nextCursor: cursorOf(page.nextCursor) };
      },
    );

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

    app.get(
      '/v1/submissions/:id/report.xlsx',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'submissionWorkbook',
          tags: TAGS,
          summary: 'The same list as a workbook',
          params: idParams,
          response: {
            200: {
              description: 'a workbook (Office Open XML) of one sheet',
              content: { [XLSX_MEDIA_TYPE]: { schema: z.string() } },
            },
            ...problems(404),
          },
        },
      },
      async (request, reply) => {
        const { id } = await submissionOf(deps, request.params.id, callerOf(request).sellers);
        reply.header('content-disposition', `attachment; filename="report-${id}.xlsx"`);
        const rows = reportRows(deps.ledger.submissionReport(id));
        return sendAsIs(reply, 200, XLSX_MEDIA_TYPE, workbook('report', rows));
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
