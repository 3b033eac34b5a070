import { Problem } from '@wsad/domain';
import { type InvoiceRecord, isUuid } from '@wsad/ledger';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { callerOf, reachableNip } from '../access.ts';
import { invoiceAnswer, invoiceSummaryAnswer } from '../answers/invoice-answer.ts';
import type { Sellers } from '../caller.ts';
import { certificateLinkOf } from '../certificate-link-of.ts';
import { cursorOf, keyOfCursor } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { idParams, problems } from '../schemas/common.ts';
import { invoice, invoicePage, invoicesQuery } from '../schemas/invoice.ts';

const TAGS = ['invoices'];

/** One invoice, or many. */
export function invoiceRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/invoices',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'listInvoices',
          tags: TAGS,
          summary: 'Invoices, newest first',
          querystring: invoicesQuery,
          response: { 200: invoicePage, ...problems(400) },
        },
      },
      async (request) => {
        const { cursor, limit, ...filter } = request.query;
        const caller = callerOf(request);
        if (filter.nip !== undefined) reachableNip(deps, caller, filter.nip);
        const after = keyOfCursor(cursor, isUuid);
        const page = await deps.ledger.invoicesPage(filter, caller.sellers, after, limit);
        const items = page.items.map((record) => invoiceSummaryAnswer(record, deps.rules.qrHost));
        return { items, nextCursor: cursorOf(page.nextCursor) };
      },
    );

    app.get(
      '/v1/invoices/:id',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'invoice',
          tags: TAGS,
          summary: 'One invoice with everything that happened to it',
          params: idParams,
          response: { 200: invoice, ...problems(404) },
        },
      },
      async (request) => invoiceOf(deps, request.params.id, callerOf(request).sellers),
    );
  };
}

/** The answer on one invoice; somebody else's is not here. */
export async function invoiceOf(deps: ApiDeps, id: string, sellers: Sellers) {
  const record: InvoiceRecord | null = await deps.ledger.invoice(id, sellers);
  if (record === null) throw new Problem('NOT_FOUND', 'There is no such invoice.');
  const [timeline, outages, offsetMs, certificateVerificationUrl] = await Promise.all([
    deps.ledger.timeline(record),
    deps.ledger.outages(),
    deps.ledger.clockOffset(),
    certificateLinkOf(deps, record),
  ]);
  const links = { qrHost: deps.rules.qrHost, certificateVerificationUrl };
  return invoiceAnswer(record, timeline, links, { now: deps.clock(), outages, offsetMs });
}
